import { type ResolveFnOutput, registerHooks } from 'node:module'

/*
 * Half of what a start takes is finding out where modules are. Two things are known beforehand:
 * - drizzle-orm is loaded in its CommonJS form, and each of its addresses is looked up once: for each import of it, and for
 *   each of the 126 modules of its other form, Node reads the package's very long package.json again.
 * - Our own modules import each other by the whole name of a file of TypeScript: there is nothing to look for.
 */
const isOwn = /^\.\.?\/.*\.ts$/
const known = new Map<string, ResolveFnOutput>()

registerHooks({
  resolve(specifier, context, next) {
    if (specifier.startsWith('drizzle-orm')) {
      const found = known.get(specifier) ?? next(specifier, { ...context, conditions: ['node', 'require'] })
      known.set(specifier, found)
      return { ...found, shortCircuit: true }
    }
    if (isOwn.test(specifier))
      return {
        url: new URL(specifier, context.parentURL).href,
        format: 'module-typescript',
        shortCircuit: true,
      }
    return next(specifier, context)
  },
})
