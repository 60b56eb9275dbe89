import { bundledProgram } from './bundle.ts'

/*
 * Where `./thywill` begins: the program, from its bundle when one fits, else from its sources. Whoever asks for a bundle gets
 * one made from the sources, whatever is wrong with the one that is there.
 */
const bundled = bundledProgram()
await (bundled === undefined || process.argv[2] === 'bundle' ? import('./cli.ts') : import(bundled))
