import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import { SMTPServer } from 'smtp-server'
import { type NotSent, type Outbox, openOutbox } from '../../src/outside/outbox.ts'
import { smtpCarrier } from '../../src/outside/smtp.ts'

/** A letter as a real mail server took it. */
export interface Taken {
  readonly to: readonly string[]
  readonly subject: string
  readonly words: string
  /** All of it, as it came over the line. */
  readonly raw: string
}

/** A real mail server on this machine, and the outbox of a site that sends by it. */
export interface MailServer {
  readonly outbox: Outbox
  readonly url: string
  readonly taken: Taken[]
  readonly notSent: NotSent[]
  /** The next letter, when it is there. */
  letter(): Promise<Taken>
  /** Answers every letter so, instead of taking it; 0 takes them again. */
  answers(status: number): void
  /** Nobody listens any more. */
  stops(): Promise<void>
  /** Somebody listens again, at the same place. */
  startsAgain(): Promise<void>
}

export async function mailServer(
  t: TestContext,
  pauses: readonly number[] = [20, 20, 20],
): Promise<MailServer> {
  const taken: Taken[] = []
  const notSent: NotSent[] = []
  let status = 0
  let read = 0
  const waiting: (() => void)[] = []
  const told = () => {
    for (const wake of waiting.splice(0)) wake()
  }
  const open = () =>
    new SMTPServer({
      ...{ authOptional: true, disabledCommands: ['STARTTLS'], logger: false },
      onData(stream, { envelope }, done) {
        const pieces: Buffer[] = []
        stream.on('data', (piece: Buffer) => pieces.push(piece))
        stream.on('end', () => {
          if (status !== 0) return done(Object.assign(new Error('not this one'), { responseCode: status }))
          taken.push(
            readLetter(
              Buffer.concat(pieces).toString('utf8'),
              envelope.rcptTo.map(({ address }) => address),
            ),
          )
          done()
          told()
        })
      },
    })
  const listen = (server: SMTPServer, port: number) =>
    new Promise<void>((listening) => server.listen(port, '127.0.0.1', listening))
  let server: SMTPServer | undefined = open()
  await listen(server, 0)
  const { port } = server.server.address() as AddressInfo
  const url = `smtp://127.0.0.1:${port}`
  const outbox = openOutbox({
    carry: smtpCarrier({ url, from: 'ThyWill <pray@mail.example>' }),
    onFailure: (why) => {
      notSent.push(why)
      told()
    },
    pauses,
  })
  const stops = async () => {
    const going = server
    server = undefined
    if (going) await new Promise<void>((closed) => going.close(closed))
  }
  t.after(async () => {
    await outbox.close()
    await stops()
  })
  return {
    outbox,
    url,
    taken,
    notSent,
    async letter() {
      while (taken.length <= read) await new Promise<void>((wake) => waiting.push(wake))
      const next = taken[read++]
      if (!next) throw new Error('there is one more')
      return next
    },
    answers: (given) => {
      status = given
    },
    stops,
    async startsAgain() {
      server = open()
      await listen(server, port)
    },
  }
}

function readLetter(raw: string, to: readonly string[]): Taken {
  const [head = '', ...rest] = raw.split('\r\n\r\n')
  const subject = /^Subject: (.*(?:\r\n .*)*)/m.exec(head)?.[1] ?? ''
  const body = rest.join('\r\n\r\n')
  const isQuoted = /^Content-Transfer-Encoding: quoted-printable/im.test(head)
  const words = (isQuoted ? unquoted(body) : body).replaceAll('\r\n', '\n')
  return { to, subject, words, raw }
}

const unquoted = (body: string) =>
  Buffer.from(
    body
      .replace(/=\r\n/g, '')
      .replace(/=([0-9A-F]{2})/g, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  ).toString('utf8')
