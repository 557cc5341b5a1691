// A person with a browser that has no screen: keeps cookies, follows redirects until one leads to the client, fills in whatever form comes and presses its first button.
export class Browser {
  #cookies = new Map()

  constructor(person) { this.person = person }

  async #fetch(url, init = {}) {
    const headers = { ...init.headers, cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ') }
    const response = await fetch(url, { ...init, headers, redirect: 'manual' })
    for (const line of response.headers.getSetCookie()) {
      const [pair, ...rest] = line.split(';')
      const cut = pair.indexOf('=')
      const gone = rest.some(part => /^\s*expires=/i.test(part) && new Date(part.split('=')[1]) < new Date())
      if (gone) this.#cookies.delete(pair.slice(0, cut)); else this.#cookies.set(pair.slice(0, cut), pair.slice(cut + 1))
    }
    return response
  }

  /** Goes on until the provider sends the browser to an address that starts with the client's. */
  async reach(url, client) {
    let response = await this.#fetch(url)
    for (let step = 0; step < 20; step++) {
      const next = response.headers.get('location')
      if (next) {
        const target = new URL(next, response.url || url)
        if (target.href.startsWith(client)) return target
        url = target
        response = await this.#fetch(target)
        continue
      }
      const html = await response.text()
      const form = /<form[^>]*>[\s\S]*?<\/form>/i.exec(html)?.[0]
      if (!form) throw new Error(`A page without a form, ${response.status}: ${html.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ').slice(0, 300)}`)
      const action = new URL(unescape(/action="([^"]*)"/i.exec(form)?.[1] ?? ''), url)
      const fields = new URLSearchParams()
      for (const [tag] of form.matchAll(/<input[^>]*>/gi)) {
        const name = /name="([^"]*)"/i.exec(tag)?.[1]
        if (!name) continue
        const value = unescape(/value="([^"]*)"/i.exec(tag)?.[1] ?? '')
        fields.set(name, /type="password"/i.test(tag) ? this.person.password : /^(email|login)$/.test(name) ? this.person.email : value)
      }
      const button = [...html.matchAll(/<button[^>]*>/gi)].map(([tag]) => tag).find(tag => /name="/i.test(tag))
      if (button) fields.set(/name="([^"]*)"/i.exec(button)[1], unescape(/value="([^"]*)"/i.exec(button)?.[1] ?? ''))
      if (action.href.startsWith(client)) return { form: fields, action }
      url = action
      response = await this.#fetch(action, { method: 'POST', body: fields })
    }
    throw new Error('The way never ended.')
  }
}

const unescape = text => text.replace(/&#x([0-9a-f]+);/gi, (_, code) => String.fromCodePoint(parseInt(code, 16))).replace(/&quot;/g, '"').replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&')
