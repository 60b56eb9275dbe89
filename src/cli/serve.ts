import closeWithGrace from 'close-with-grace'
import type { Command } from 'commander'
import { type Config, environment, readConfig } from '../config.ts'
import { notifyReady } from '../notify.ts'
import type { Server } from '../server.ts'
import { progressBar } from './output.ts'

/** The site, until it is told to stop. */
export function addServe(program: Command): void {
  program
    .command('serve')
    .description('the guard, then the site')
    .action(async () => {
      const env = environment()
      const config = readConfig(env)
      const bar = progressBar('records read')
      const { startServer } = await theServer()
      const server = await startServer(config, ({ records }) => bar.show(records))
      bar.end()
      keepServing(server, config)
      const complaint = await notifyReady(env, standing(server, config))
      if (complaint) process.stderr.write(`${complaint}\n`)
    })
}

/** Loaded by whoever serves: half of what this program comes to, and no other command needs it. */
export const theServer = () => import('../server.ts')

/** Says how the start went, and ends everything well when the process is told to end. */
export function keepServing(server: Server, config: Config, afterwards: () => void = () => {}): void {
  closeWithGrace({ delay: 10_000, logger: false }, async ({ err }) => {
    if (err) process.stderr.write(`The site has to stop: ${err.stack ?? err.message}\n`)
    await server.close()
    afterwards()
  })
  const lines = [...server.ledger.reports]
  if (server.ledger.trouble()) lines.push(standing(server, config))
  if (config.rateLimits === 'off')
    lines.push('RATE_LIMITS is off: only for load tests, never where people are.')
  lines.push(`ThyWill is at ${config.baseUrl}`)
  if (server.firstLink)
    lines.push('Nobody looks after this site yet. Open this link to be the first:', server.firstLink)
  process.stdout.write(`${lines.join('\n')}\n`)
}

function standing({ ledger }: Server, { baseUrl }: Config): string {
  const trouble = ledger.trouble()
  return trouble ? `READ-ONLY: ${trouble.sentence}` : `Serving ${baseUrl}`
}
