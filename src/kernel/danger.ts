/*
 * Words that sound as if somebody's life were in danger: help lines then stand beside what is written. It is a short list of
 * whole phrases and not of single words, for "die" is an article, hymns say "take my life", and batteries die. It finds some
 * and misses others, so nothing is ever decided, told or written down by it.
 */

/** Phrases as regular expressions, in small letters. Of a language with letters, each stands between other words. */
const phrases: Readonly<Record<string, readonly string[]>> = {
  english: [
    '(?:want|wanted|wish|going|ready|plan|planning|decided|like) to (?:die|be dead)(?! to (?:my|our)? ?sel(?:f|ves))(?! laughing)',
    '(?:want|wanted|going|plan|planning|decided|tried|trying|tempted) to (?:take|end) (?:my|his|her|their) (?:own )?life',
    '(?:take|taking|took|end|ending) (?:my|his|her|their) own life',
    '(?:kill|killing|hang|hanging|drown|drowning|shoot|shooting) (?:my|him|her|them)sel(?:f|ves)',
    '(?:end|ending) it all',
    'suicid(?:e|al)',
    "(?:don't|do not|no longer) want to (?:live|be alive|wake up|go on living)",
    "(?:can't|cannot|can not) go on living",
    'no reason to (?:live|go on living)',
    'better off (?:dead|without me)',
    '(?:cutting|harming|hurting) (?:my|him|her|them)sel(?:f|ves)',
    '(?:want|wants|going|tempted) to (?:hurt|harm|cut) (?:my|him|her|them)sel(?:f|ves)',
    'self[- ]harm(?:ing)?',
    'overdos(?:e|ed|ing)',
    'threaten(?:s|ed|ing)? to kill',
    '(?:will|is going to|wants to|tried to) kill (?:me|us|her|him|them)(?! with)',
  ],
  german: [
    '(?:will|möchte|wollte|mag) (?:nicht mehr (?:leben|aufwachen|weiterleben)|sterben|tot sein)',
    '(?:mich|sich|mir|dich) (?:das leben (?:zu )?nehmen|um(?:zu)?bringen|töten|zu töten|erhängen|etwas an(?:zu)?tun)',
    'selbstm(?:ord|orde|ordgedanken|ordversuch)',
    'suizid(?:al|gedanken|versuch)?',
    'nicht mehr (?:leben|weiterleben) (?:will|möchte|wollen|mag)',
    '(?:ritze|verletze|ritzt|verletzt) (?:mich|sich) selbst',
    '(?:droht|drohte|gedroht),? (?:mich|uns|sie|ihn) (?:umzubringen|zu töten)',
  ],
  spanish: [
    '(?:quiero|quisiera|deseo) (?:morir|morirme|estar muert[oa])(?! de risa)',
    '(?:quitarme|quitarse|acabar con) (?:la|mi|su) (?:propia )?vida',
    '(?:matarme|suicidarme|suicidarse|suicidio|suicida)',
    'no quiero (?:vivir|seguir viviendo|despertar)',
    '(?:amenaza|amenazó) con matar(?:me|la|lo|nos)',
    '(?:cortarme|hacerme daño)',
  ],
  french: [
    'je (?:veux|voudrais) (?:mourir|me tuer)(?! de rire)',
    "(?:m'ôter|s'ôter|mettre fin à mes|mettre fin à ses) (?:la vie|jours)",
    '(?:me|se) (?:suicider|pendre)',
    'suicid(?:e|aire)s?',
    'je ne veux plus vivre',
    '(?:menace|menacé) de (?:me|nous|la|le) tuer',
  ],
  portuguese: [
    'quero (?:morrer|me matar)(?! de rir)',
    '(?:tirar|acabar com) a (?:minha|própria|sua) vida',
    '(?:me matar|suicidar-me|me suicidar|suicídio|suicida)',
    'não quero (?:mais )?viver',
  ],
  italian: [
    'voglio (?:morire|uccidermi|ammazzarmi)(?! dal ridere)',
    'togliermi la vita',
    '(?:suicidarmi|suicidio|suicidarsi)',
    'non voglio più vivere',
  ],
  dutch: [
    'wil (?:dood|niet meer leven)',
    '(?:mezelf|zichzelf) (?:doden|ophangen|van het leven beroven)',
    'zelfmoord',
  ],
  polish: ['chcę (?:umrzeć|się zabić)', 'odebrać sobie życie', 'samobójst\\p{L}+', 'nie chcę (?:już )?żyć'],
  russian: ['хочу (?:умереть|покончить с собой)', 'самоуби\\p{L}+', 'не хочу (?:больше )?жить'],
  ukrainian: ['хочу померти', 'самогуб\\p{L}+', 'не хочу (?:більше )?жити'],
  hindi: ['आत्महत्या', 'मैं मरना चाहता', 'मैं मरना चाहती', 'जीना नहीं चाहता', 'जीना नहीं चाहती'],
}

/** Of a language whose words run into one another, or that writes little words in front. */
const pieces = [
  // Arabic, Hebrew, Chinese, Japanese, Korean
  ...['أريد أن أموت', 'انتحار', 'أقتل نفسي', 'لا أريد أن أعيش'],
  ...['רוצה למות', 'להתאבד', 'התאבדות', 'לא רוצה לחיות'],
  ...['自杀', '自殺', '不想活', '想死', '结束生命', '結束生命', '死にたい', '자살', '죽고 싶'],
]

const found = new RegExp(
  `(?<![\\p{L}\\p{M}])(?:${Object.values(phrases).flat().join('|')})(?![\\p{L}\\p{M}])|${pieces.join('|')}`,
  'u',
)

/** More accents on one letter than any script has: nobody has refused them yet, and to compose a form full of them takes seconds. */
const heaps = /(\p{M}{64})\p{M}+/gu

/** Whether a text sounds as if somebody's life were in danger. */
export const soundsLikeDanger = (text: string): boolean =>
  found.test(
    text
      .replace(heaps, '$1')
      .normalize('NFKC')
      .toLowerCase()
      .replace(/[’‘`´]/g, "'")
      .replace(/\s+/g, ' '),
  )
