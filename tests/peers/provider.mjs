// The certified provider oidc-provider, to calibrate the scripts on: what fails there is a fault of the script.
// usage: node provider.mjs SETTINGS-AS-JSON ; prints "ready" when it listens. What it knows of people it reads from the file settings.people each time: { roles, gone }.
import { readFileSync } from 'node:fs'
import { Provider } from 'oidc-provider'

const settings = JSON.parse(process.argv[2])
const { d, ...key } = settings.signing.key
const common = { redirect_uris: [settings.redirect], post_logout_redirect_uris: [settings.bye], grant_types: ['authorization_code', 'refresh_token'], scope: 'openid profile email offline_access' }
// What may be asked for with a resource indicator (RFC 8707): the scopes by the address of the API, and the applications that ask.
const { scopes: apis = {}, application, program } = settings.api ?? {}
const about = () => settings.people ? JSON.parse(readFileSync(settings.people, 'utf8')) : {}
const provider = new Provider(settings.issuer, {
  clients: [
    { client_id: settings.confidential.id, client_secret: settings.confidential.secret, ...common },
    ...settings.portal ? [{
      client_id: settings.portal.id, client_secret: settings.portal.secret, grant_types: ['authorization_code', 'refresh_token'], redirect_uris: [settings.portal.redirect], post_logout_redirect_uris: [settings.portal.bye],
      backchannel_logout_uri: settings.portal.logout, backchannel_logout_session_required: Boolean(settings.portal.logout),
    }] : [],
    { client_id: settings.public.id, token_endpoint_auth_method: 'none', ...common },
    { client_id: settings.signing.id, token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [key] }, redirect_uris: [], response_types: [], grant_types: ['client_credentials'], scope: settings.signing.scope },
    ...settings.api ? [
      { client_id: application, token_endpoint_auth_method: 'none', redirect_uris: [settings.redirect], scope: ['openid', ...Object.values(apis)].join(' ') },
      { client_id: program.id, client_secret: program.secret, redirect_uris: [], response_types: [], grant_types: ['client_credentials'], scope: Object.values(apis).join(' ') },
    ] : [],
  ],
  scopes: [...new Set(['openid', 'profile', 'email', 'offline_access', settings.signing.scope, ...Object.values(apis).flatMap(scopes => scopes.split(' '))])],
  features: {
    devInteractions: { enabled: true }, pushedAuthorizationRequests: { enabled: true }, revocation: { enabled: true }, introspection: { enabled: true }, clientCredentials: { enabled: true },
    rpInitiatedLogout: { enabled: true }, backchannelLogout: { enabled: true },
    resourceIndicators: { enabled: true, defaultResource: () => undefined, getResourceServerInfo: (_, api) => ({ scope: apis[api] ?? settings.signing.scope, audience: apis[api] ? api : settings.resource, accessTokenFormat: 'jwt' }) },
  },
  claims: { openid: ['sub'], profile: ['name', 'locale', 'roles'], email: ['email', 'email_verified'] },
  findAccount: (_, id) => about().gone ? undefined : { accountId: id, claims: async () => ({ sub: id, name: id.split('@')[0], email: id, email_verified: true, roles: about().roles }) },
  issueRefreshToken: (_, client, code) => client.grantTypeAllowed('refresh_token') && (client.clientId === settings.portal?.id || code.scopes.has('offline_access')),
  // Its guard against addresses of the house would keep it from the portal on this machine.
  fetch: (url, { dispatcher, ...options }) => fetch(url, options),
  pkce: { required: () => true },
  rotateRefreshToken: true,
})
provider.listen(new URL(settings.issuer).port, () => console.log('ready'))
