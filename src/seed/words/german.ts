import type { Language, Person } from './language.ts'

const sie = (who: string): Person => ({ who, whom: who, they: 'sie', them: 'sie', their: 'ihr' })
const er = (who: string, whom: string): Person => ({ who, whom, they: 'er', them: 'ihn', their: 'sein' })

export const german: Language = {
  people: [
    ...['meine Mutter', 'meine Oma', 'meine Schwester', 'meine Frau', 'unsere Tochter', 'meine Tante'].map(
      sie,
    ),
    ...['eine Kollegin', 'unsere Nachbarin Frau Lindhorst', 'meine Freundin Jette'].map(sie),
    ...['Vater', 'Opa', 'Bruder', 'Mann', 'Onkel', 'Schwiegervater'].map((who) =>
      er(`mein ${who}`, `meinen ${who}`),
    ),
    er('unser Sohn', 'unseren Sohn'),
    er('ein Kollege', 'einen Kollegen'),
    er('mein Freund Henning', 'meinen Freund Henning'),
  ],
  slots: {
    day: ['Montag', 'Dienstag', 'Mittwoch', 'Donnerstag', 'Freitag', 'Samstag', 'Sonntag'],
    soon: ['morgen', 'am {day}', 'nächste Woche', 'in ein paar Tagen', 'am {day} früh'],
    gift: ['Kraft', 'Geduld', 'Frieden', 'Mut', 'Trost', 'Heilung', 'Zuversicht', 'Ruhe'],
    gifts: ['{gift}', '{gift} und {gift}', '{gift}, {gift} und {gift}', 'ein wenig {gift}'],
    few: ['zwei', 'drei', 'vier', 'fünf', 'sechs'],
    pray: ['bitte betet', 'betet bitte mit mir', 'ich bitte um euer Gebet', 'bitte denkt an uns und betet'],
  },
  lines: [
    'Bitte betet für {whom}.',
    'Für {whom}: {gifts}.',
    'Um {gifts} in dieser Woche.',
    'Um {gifts} für {whom}.',
    '{gifts} für {whom}, bitte.',
    '{who} hat {soon} Prüfung.',
    '{who} fährt {soon} weit fort. Um eine gute Reise.',
    '{soon} ist die Operation. Bitte betet.',
    'Danke für eure Gebete, {who} ist wieder zu Hause!',
    'Prüfung {soon}, bitte denkt an mich.',
    'Für alle, die heute allein sind.',
    'Für den Frieden.',
    'Herr, erbarme dich.',
  ],
  openings: [
    'Ihr Lieben,',
    'Liebe Gemeinde,',
    'Hallo zusammen,',
    'Ich bitte nicht oft um etwas.',
    'Es war eine lange Woche.',
    'Ich schreibe das {im Zug|im Wartezimmer|spät am Abend}.',
  ],
  themes: [
    {
      situations: [
        '{who} liegt seit {day} im Krankenhaus.',
        '{who} wird {soon} operiert.',
        'Bei {meiner Cousine|meiner Mutter|einem guten Freund} wurde etwas gefunden, und wir warten auf das Ergebnis.',
        '{who} ist seit Wochen krank.',
      ],
      details: [
        '{they} hat große Angst.',
        'Die Ärzte sagen wenig.',
        'Ich fahre jeden Tag nach der Arbeit hin.',
        '{they} macht Witze, aber ich kenne {them} ja.',
        'Die Behandlung dauert {few} Monate.',
        'Nachts kann {they} vor Schmerzen nicht schlafen.',
        '{their} Zimmernachbar schnarcht, immerhin darüber konnten wir lachen.',
      ],
      asks: [
        '{pray} um Heilung und um {gifts}.',
        '{pray} auch für die Ärzte und Schwestern.',
        '{pray}, dass alles gut geht.',
      ],
    },
    {
      situations: [
        'Ich habe meine Arbeit verloren.',
        '{who} sucht seit {few} Monaten eine Stelle.',
        '{soon} habe ich ein Vorstellungsgespräch.',
        '{who} hat {soon} die letzte Prüfung.',
        'In unserer Abteilung herrscht Streit.',
      ],
      details: [
        'Die Miete ist trotzdem fällig.',
        'Ich schlafe schlecht und grüble.',
        'Es geht nicht nur ums Geld.',
        'Mit fünfzig fängt man nicht gern neu an.',
        'Alle sind nett, und keiner sagt etwas.',
        'Ich habe etwas gesagt, das mir leidtut.',
      ],
      asks: ['{pray} um {gifts}.', '{pray}, dass sich eine Tür öffnet.', '{pray} um die richtigen Worte.'],
    },
    {
      situations: [
        '{who} ist {am {day}|gestern|diese Woche} gestorben.',
        'Heute vor {few} Jahren haben wir {whom} verloren.',
        'Am {day} ist die Beerdigung von {meiner Oma|unserem Nachbarn|meiner Patentante}.',
      ],
      details: [
        'Ich decke immer noch für einen mehr.',
        'Das Haus ist so still.',
        'Es gibt auch gute Stunden.',
        'Jemand hat uns Suppe vor die Tür gestellt.',
        'Wir haben gestern zum ersten Mal wieder gelacht.',
        'Ich muss die Lieder aussuchen und weiß nicht welche.',
      ],
      asks: [
        '{pray} für uns um {gifts}.',
        '{pray} für alle, die zurückbleiben.',
        '{pray} für alle, denen es ähnlich geht.',
      ],
    },
    {
      situations: [
        'In unserer Familie reden zwei nicht mehr miteinander.',
        'Unsere Ehe ist in einer schweren Zeit.',
        'Ich mache mir Sorgen um {unseren Ältesten|unsere Jüngste|meinen Bruder}.',
        'Wir erwarten ein Kind, und es gibt Sorgen.',
        'Ich fühle mich zurzeit sehr allein.',
      ],
      details: [
        'Die Kinder stellen Fragen, auf die ich keine Antwort habe.',
        'Keiner will den ersten Schritt tun, ich auch nicht.',
        'Von außen würde es niemand ahnen.',
        'Abends ist es am schwersten.',
        'Einer Freundin habe ich es erzählt, und jetzt euch.',
        'Es gibt auch gute Stunden.',
      ],
      asks: [
        '{pray} für uns um {gifts}.',
        '{pray}, dass wir den nächsten Schritt sehen.',
        '{pray} für alle, denen es ähnlich geht.',
      ],
    },
    {
      situations: [
        'Ich möchte danken: {who} ist wieder gesund!',
        'Ich habe die Stelle bekommen.',
        'Unser Enkel ist da.',
        'Ein Jahr ohne Alkohol heute.',
      ],
      details: [
        'Ich habe im Bus geweint vor Freude.',
        'Es ist noch nicht alles gut, aber es wird.',
        'Euer Gebet hat uns getragen.',
        'Ich nehme nichts davon als selbstverständlich.',
      ],
      asks: ['Dankt mit uns.', 'Betet bitte weiter um {gifts}.', 'Gott sei Dank, und danke euch.'],
    },
  ],
  reflections: [
    'Ich versuche zu vertrauen.',
    'Mir fehlen die eigenen Worte.',
    'Es hilft zu wissen, dass jemand betet.',
    'Der Psalm vom Hirten geht mir nicht aus dem Kopf.',
    'Manchmal ist Gott sehr leise.',
    'Wir nehmen einen Tag nach dem anderen.',
    'Auf dem Fensterbrett brennt eine Kerze.',
    'Ich lese jeden Abend eure Anliegen und bete mit.',
    'Ich wollte niemandem zur Last fallen.',
    'Am schwersten ist das Warten.',
  ],
  closings: [
    'Danke.',
    'Danke euch allen.',
    'Vergelt’s Gott.',
    'Seid behütet.',
    'Ich melde mich, wie es weitergeht.',
    'Amen.',
    'Herzlich.',
  ],
  turns: ['Und noch etwas.', 'Da ist noch ein zweites Anliegen.', 'Bitte vergesst auch dies nicht.'],
  news: [
    'Der Termin liegt hinter uns. Jetzt warten wir auf das Ergebnis.',
    'Es geht ein wenig besser als letzte Woche. Bitte betet weiter.',
    'Noch nichts Neues, und das ist auf seine Weise schwer.',
  ],
  testimonies: [
    'Es ist besser ausgegangen, als wir zu hoffen wagten. Danke für jedes Gebet.',
    'Wir sind wieder zu Hause und haben die Nacht durchgeschlafen.',
    'Die Antwort war nicht die, an die ich dachte, und sie war gut.',
  ],
  listHead: 'Vor allem um:',
  blank: ' ',
  density: 1,
}
