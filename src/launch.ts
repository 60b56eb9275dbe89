import { bundledProgram } from './bundle.ts'

/* Where `./thywill` begins: the program, from its bundle when one fits, else from its sources. */
const bundled = bundledProgram()
await (bundled === undefined ? import('./cli.ts') : import(bundled))
