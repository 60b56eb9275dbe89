import { defineConfig } from 'drizzle-kit'

export default defineConfig({
  dialect: 'sqlite',
  schema: ['./src/records/*.ts', './src/cache/cursor.ts'],
})
