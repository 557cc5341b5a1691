// oauth4webapi, strict about every answer, as a public client in the browser would use it: log-in, issuer check, userinfo, rotation, reuse, metadata alias.
// usage: node oauth4webapi.mjs SETTINGS-AS-JSON
import * as oauth from 'oauth4webapi'
import { strict as assert } from 'node:assert'
import { Browser } from './browser.mjs'

const settings = JSON.parse(process.argv[2])
const plain = { [oauth.allowInsecureRequests]: true }
const issuer = new URL(settings.issuer)
const said = []
const server = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, { algorithm: 'oidc', ...plain }))
const alias = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...plain }))
assert.deepEqual(alias, server)
said.push('discovery')
const client = { client_id: settings.public.id }
const browser = new Browser(settings.person)
const verifier = oauth.generateRandomCodeVerifier()
const [state, nonce] = [oauth.generateRandomState(), oauth.generateRandomNonce()]
const url = new URL(server.authorization_endpoint)
for (const [name, value] of Object.entries({
  client_id: client.client_id, redirect_uri: settings.redirect, response_type: 'code', scope: settings.scope, state, nonce,
  code_challenge: await oauth.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256', ...settings.prompt && { prompt: settings.prompt },
})) url.searchParams.set(name, value)
const came = await browser.reach(url, settings.redirect)
const answer = oauth.validateAuthResponse(server, client, came, state)
const response = await oauth.authorizationCodeGrantRequest(server, client, oauth.None(), answer, settings.redirect, verifier, plain)
const tokens = await oauth.processAuthorizationCodeResponse(server, client, response, { expectedNonce: nonce, requireIdToken: true })
const { sub } = oauth.getValidatedIdTokenClaims(tokens)
await oauth.validateApplicationLevelSignature(server, response, plain)
said.push('log-in')
const about = await oauth.processUserInfoResponse(server, client, sub, await oauth.userInfoRequest(server, client, tokens.access_token, plain))
assert.equal(about.sub, sub)
said.push('userinfo')
const refresh = async handle => oauth.processRefreshTokenResponse(server, client, await oauth.refreshTokenGrantRequest(server, client, oauth.None(), handle, plain))
const second = await refresh(tokens.refresh_token)
assert.notEqual(second.refresh_token, tokens.refresh_token)
said.push('refresh')
await assert.rejects(refresh(tokens.refresh_token), fault => fault.error === 'invalid_grant')
await assert.rejects(refresh(second.refresh_token), fault => fault.error === 'invalid_grant')
said.push('reuse kills the family')
await assert.rejects(async () => oauth.processUserInfoResponse(server, client, sub, await oauth.userInfoRequest(server, client, second.access_token, plain)))
said.push('the access token died with it')
console.log(said.join('\n'))
