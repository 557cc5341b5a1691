// The certified provider oidc-provider, to calibrate the scripts on: what fails there is a fault of the script.
// usage: node provider.mjs SETTINGS-AS-JSON ; prints "ready" when it listens.
import { Provider } from 'oidc-provider'

const settings = JSON.parse(process.argv[2])
const { d, ...key } = settings.signing.key
const common = { redirect_uris: [settings.redirect], post_logout_redirect_uris: [settings.bye], grant_types: ['authorization_code', 'refresh_token'], scope: 'openid profile email offline_access' }
const provider = new Provider(settings.issuer, {
  clients: [
    { client_id: settings.confidential.id, client_secret: settings.confidential.secret, ...common },
    { client_id: settings.public.id, token_endpoint_auth_method: 'none', ...common },
    { client_id: settings.signing.id, token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [key] }, redirect_uris: [], response_types: [], grant_types: ['client_credentials'], scope: settings.signing.scope },
  ],
  scopes: ['openid', 'profile', 'email', 'offline_access', settings.signing.scope],
  features: {
    devInteractions: { enabled: true }, pushedAuthorizationRequests: { enabled: true }, revocation: { enabled: true }, introspection: { enabled: true }, clientCredentials: { enabled: true },
    rpInitiatedLogout: { enabled: true },
    resourceIndicators: { enabled: true, defaultResource: () => undefined, getResourceServerInfo: () => ({ scope: settings.signing.scope, audience: settings.resource, accessTokenFormat: 'jwt' }) },
  },
  pkce: { required: () => true },
  rotateRefreshToken: true,
})
provider.listen(new URL(settings.issuer).port, () => console.log('ready'))
