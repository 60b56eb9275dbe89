import { writeSync } from 'node:fs'

/* The command line in this process, which says at its end, on descriptor 3, how much memory it took at the most. */

process.on('exit', () => writeSync(3, String(process.resourceUsage().maxRSS * 1024)))
await import('../../src/cli.ts')
