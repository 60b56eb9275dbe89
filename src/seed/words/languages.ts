import { arabic } from './arabic.ts'
import { chinese } from './chinese.ts'
import { english } from './english.ts'
import { german } from './german.ts'
import { hebrew } from './hebrew.ts'
import { hindi } from './hindi.ts'
import { spanish } from './spanish.ts'

export const languages = { english, german, spanish, hebrew, arabic, hindi, chinese }
export type LanguageName = keyof typeof languages
