import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, dirname, join, resolve } from 'node:path'
import sparticuz, { inflate } from '@sparticuz/chromium'
import { type Browser, chromium, type LaunchOptions } from 'playwright-core'

/**
 * A real browser: the one that CHROME_PATH names, else an installed Chrome, else the Chromium of an npm package, which
 * brings its libraries and a font along. Throws when there is none: these tests are never skipped.
 */
export async function openBrowser(): Promise<Browser> {
  const installed = process.env.CHROME_PATH || installedChrome()
  try {
    const options: LaunchOptions = installed ? { executablePath: installed } : await packagedChromium()
    return await chromium.launch({ ...options, args: [...(options.args ?? []), ...quiet] })
  } catch (error) {
    throw new Error(
      'There is no browser for these tests. Install Chrome or Chromium, or name one in CHROME_PATH; on Linux, npm ' +
        'also brings one along.',
      { cause: error },
    )
  }
}

/** Without a graphics card its part is played by software at twice the cost of painting without one. */
const quiet = ['--disable-background-networking', '--disable-gpu']

function installedChrome(): string | undefined {
  const names = ['google-chrome', 'google-chrome-stable', 'chromium', 'chromium-browser']
  const onPath = (process.env.PATH ?? '')
    .split(delimiter)
    .flatMap((folder) => names.map((name) => join(folder, name)))
  return [...onPath, ...usualPlaces].find((path) => existsSync(path) && statSync(path).isFile())
}

const usualPlaces = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
]

/** What makes a browser of one process without a same-origin policy, or with a graphics card of software, is for other machines. */
const unwanted = [
  ...['--single-process', '--no-zygote', '--disable-web-security'],
  ...['--ignore-gpu-blocklist', '--in-process-gpu', '--use-gl=angle', '--use-angle=swiftshader'],
  '--enable-unsafe-swiftshader',
]

async function packagedChromium(): Promise<LaunchOptions> {
  const folder = await unpacked()
  return {
    executablePath: join(folder, 'chromium'),
    args: sparticuz.args.filter((argument) => !unwanted.includes(argument)),
    env: {
      ...process.env,
      LD_LIBRARY_PATH: join(folder, 'al2023', 'lib'),
      FONTCONFIG_FILE: process.env.FONTCONFIG_FILE || join(folder, 'fonts.conf'),
    },
  }
}

/** Unpacks it once for each version. Several test files may do so at the same time: the folder appears all at once. */
async function unpacked(): Promise<string> {
  const caches = resolve(import.meta.dirname, '../../node_modules/.cache')
  const entry = createRequire(import.meta.url).resolve('@sparticuz/chromium')
  const { version } = createRequire(import.meta.url)(resolve(dirname(entry), '../package.json'))
  const folder = join(caches, `chromium-${version}`)
  if (existsSync(folder)) return folder

  mkdirSync(caches, { recursive: true })
  const begun = mkdtempSync(join(caches, 'chromium-begun-'))
  // The package unpacks into whatever is the folder for temporary files.
  const { TMPDIR } = process.env
  process.env.TMPDIR = begun
  try {
    const packs = ['chromium.br', 'al2023.tar.br', 'fonts.tar.br']
    await Promise.all(packs.map((pack) => inflate(resolve(dirname(entry), '../bin', pack))))
  } finally {
    if (TMPDIR === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = TMPDIR
  }
  writeFileSync(join(begun, 'fonts.conf'), fontsIn(join(folder, 'fonts')))
  try {
    renameSync(begun, folder)
  } catch (error) {
    if (!existsSync(folder)) throw error
    rmSync(begun, { recursive: true })
  }
  return folder
}

/** The fonts of the machine, and the one that came along, so that there is always one. */
const fontsIn = (folder: string) => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>${folder}</dir>
</fontconfig>
`
