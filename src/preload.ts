import { registerHooks } from 'node:module'

/*
 * drizzle-orm is loaded in its CommonJS form: for each of its 126 modules Node's loader for the other form reads the
 * package's very long package.json again, which costs half a second and 190 MB at every start.
 */
registerHooks({
  resolve: (specifier, context, next) =>
    specifier.startsWith('drizzle-orm')
      ? next(specifier, { ...context, conditions: ['node', 'require'] })
      : next(specifier, context),
})
