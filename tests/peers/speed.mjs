// The certified provider oidc-provider as quick as it comes, to measure beside ours: signed access tokens by client credentials, key set, introspection.
// usage: node speed.mjs ISSUER ; prints "ready" when it listens.
import { Provider } from 'oidc-provider'

const issuer = process.argv[2]
const audience = 'https://bench.example/api'
const provider = new Provider(issuer, {
  clients: [{ client_id: 'bench', client_secret: 'bench-secret-that-is-long-enough', token_endpoint_auth_method: 'client_secret_post', redirect_uris: [], response_types: [], grant_types: ['client_credentials'], scope: 'bench.read' }],
  scopes: ['bench.read'],
  features: {
    clientCredentials: { enabled: true }, introspection: { enabled: true }, devInteractions: { enabled: false },
    resourceIndicators: { enabled: true, defaultResource: () => audience, getResourceServerInfo: () => ({ scope: 'bench.read', audience, accessTokenFormat: 'opaque' }) },
  },
})
provider.listen(new URL(issuer).port, () => console.log('ready'))
