import type { Carrier } from './outbox.ts'

interface Relay {
  /** `smtp://…` or `smtps://…`, with name and password where the server wants them. */
  readonly url: string
  readonly from: string
}

const isHere = /^(localhost|127\.0\.0\.1|\[::1\])$/

/**
 * Hands letters to this mail server, each within twenty seconds or not at all. Away from this machine the way to it is
 * encrypted, or nothing is sent: a letter holds a way in. `?requireTLS=false` is for a server on a line of one's own.
 */
export function smtpCarrier({ url, from }: Relay): Carrier {
  const relay = new URL(url)
  const requireTLS = !isHere.test(relay.hostname) && relay.searchParams.get('requireTLS') !== 'false'
  const options = {
    url,
    ...{ requireTLS, connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 20_000 },
  }
  // Loaded with the first letter: it takes as long as half of a start, and most sites have no mail.
  const transport = later(async () => (await import('nodemailer')).createTransport(options))
  return async ({ to, subject, words }) => {
    await (await transport()).sendMail({
      ...{ from, to: { name: '', address: to }, subject, text: words },
      // Nobody's holiday answer, please.
      headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
      ...{ disableFileAccess: true, disableUrlAccess: true },
    })
  }
}

/** What is made when it is first needed, and kept. */
function later<Thing>(make: () => Promise<Thing>): () => Promise<Thing> {
  let made: Promise<Thing> | undefined
  return () => {
    made ??= make()
    return made
  }
}
