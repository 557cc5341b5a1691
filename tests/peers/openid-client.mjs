// The certified client openid-client against a provider: log-in (query, form_post, pushed), userinfo, refresh, reuse, introspection, revocation, client credentials, log-out.
// usage: node openid-client.mjs SETTINGS-AS-JSON
import * as client from 'openid-client'
import { strict as assert } from 'node:assert'
import { Browser } from './browser.mjs'

const settings = JSON.parse(process.argv[2])
const insecure = { execute: [client.allowInsecureRequests] }
const discover = (id, metadata, auth) => client.discovery(new URL(settings.issuer), id, metadata, auth, insecure)
const said = []
const step = text => said.push(text)

const config = await discover(settings.confidential.id, settings.confidential.secret, client.ClientSecretBasic(settings.confidential.secret))
const browser = new Browser(settings.person)
const redirect_uri = settings.redirect
async function logIn(extra = {}, config_ = config, push = false) {
  const verifier = client.randomPKCECodeVerifier()
  const [state, nonce] = [client.randomState(), client.randomNonce()]
  const parameters = {
    redirect_uri, scope: settings.scope, state, nonce, prompt: settings.prompt, code_challenge: await client.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256', ...extra,
  }
  for (const name of Object.keys(parameters)) if (parameters[name] == null) delete parameters[name]
  const url = push ? await client.buildAuthorizationUrlWithPAR(config_, parameters) : client.buildAuthorizationUrl(config_, parameters)
  const came = await browser.reach(url, redirect_uri)
  const answer = came instanceof URL ? came : new Request(redirect_uri, { method: 'POST', body: came.form })
  return await client.authorizationCodeGrant(config_, answer, { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true })
}

const tokens = await logIn()
const { sub } = tokens.claims()
assert.ok(tokens.refresh_token)
step('log-in')
assert.equal((await client.fetchUserInfo(config, tokens.access_token, sub)).sub, sub)
step('userinfo')
const second = await client.refreshTokenGrant(config, tokens.refresh_token)
assert.equal(second.claims().sub, sub)
step('refresh')
if (settings.formPost) { assert.equal((await logIn({ response_mode: 'form_post' })).claims().sub, sub); step('form_post') }
assert.equal((await logIn({}, config, true)).claims().sub, sub)
step('pushed request')
const third = await logIn({ max_age: '0' })
assert.ok(third.claims().auth_time)
step('max_age')
if (settings.introspecting) {
  const api = await discover(settings.introspecting.id, settings.introspecting.secret, client.ClientSecretPost(settings.introspecting.secret))
  const about = await client.tokenIntrospection(api, third.access_token)
  assert.equal(about.active, true)
  assert.equal(about.sub, sub)
  step('introspection')
  await client.tokenRevocation(config, third.refresh_token)
  assert.equal((await client.tokenIntrospection(api, third.access_token)).active, false)
} else {
  await client.tokenRevocation(config, third.refresh_token)
}
await assert.rejects(client.refreshTokenGrant(config, third.refresh_token), fault => fault.error === 'invalid_grant')
step('revocation')

const keys = await crypto.subtle.importKey('jwk', settings.signing.key, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign'])
const signer = await discover(settings.signing.id, undefined, client.PrivateKeyJwt({ key: keys, kid: settings.signing.key.kid }))
const own = await client.clientCredentialsGrant(signer, settings.resource ? { scope: settings.signing.scope, resource: settings.resource } : { scope: settings.signing.scope })
assert.ok(own.access_token)
assert.equal(own.id_token, undefined)
step('client credentials by signature')

const out = client.buildEndSessionUrl(config, { id_token_hint: third.id_token, post_logout_redirect_uri: settings.bye, state: 'gone' })
const bye = await browser.reach(out, settings.bye)
assert.equal(bye.searchParams.get('state'), 'gone')
step('log-out')
const silent = client.buildAuthorizationUrl(config, { redirect_uri, scope: 'openid', prompt: 'none', state: 's', code_challenge: await client.calculatePKCECodeChallenge(client.randomPKCECodeVerifier()), code_challenge_method: 'S256' })
assert.equal((await browser.reach(silent, redirect_uri)).searchParams.get('error'), 'login_required')
step('nobody is logged in any more')
console.log(said.join('\n'))
