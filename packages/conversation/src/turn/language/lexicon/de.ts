import { entries, type Lexicon } from './lexicon.ts'

/** Last words that close a verb bracket: infinitives, participles, finite forms at the end of a subordinate clause. */
const verbEnds = entries(
  '-en|-ern|-eln|-iert|geht|kommt|steht|macht|sagt|braucht|bleibt|läuft|fehlt|passt|bekommt|nimmt|gibt|weiß|bezahlt|bestellt|gemacht|gesagt|gekauft|gebracht|geholt|gebucht|gehört|verkauft|abgeholt|kostet|dauert|klappt|liegt|heißt|öffnet|schließt|stimmt|will|lässt|lebt|wohnt|ist|war|hat|habe|bin|bist|sind|wäre|hätte|kann|konnte|könnte|will|wollte|muss|musste|soll|sollte|darf|mag|wird|würde|wurde|tun|sein|-te|-ten|bitte|danke|geht|gehe|brauche|möchte|komme|mache|nehme|zahle|warte',
)

/** German. */
export const de: Lexicon = {
  listening: entries(
    'ja|jaja|mhm|mm|hm|genau|gut|klar|na klar|ach so|achso|aha|ah|oh|okay|ok|stimmt|richtig|verstehe|ich verstehe|verstanden|alles klar|in ordnung|sehr gut|super|prima|schön|natürlich|jawohl|eben|na gut|ja genau|ja klar|ja gut|interessant|wirklich|ach ja|perfekt',
  ),
  fillers: entries('äh|ähm|öh|hm|mm|also|naja|na ja|tja|ah|oh|um|uh|ehm'),
  greetings: entries(
    'hallo|guten tag|guten morgen|guten abend|grüß gott|servus|moin|hi|sind sie noch da|sind sie da|hören sie mich|können sie mich hören|ist da jemand|bist du da',
  ),
  stops: entries(
    'stopp|stop|halt|warte|warten|warten sie|nein|nee|moment|einen moment|moment mal|sekunde|eine sekunde|entschuldigung|entschuldigen sie|pause|hören sie|hör auf|hören sie auf|genug|ruhe|lassen sie mich|darf ich kurz|ich habe eine frage|das stimmt nicht|falsch|schluss|kurze frage',
  ),
  notStops: entries(
    'nein kein problem|nein alles gut|halt so|moment ja|nein schon gut|nein passt schon|nein danke alles gut',
  ),
  answers: entries(
    'ja|ja bitte|ja gerne|ja gern|ja genau|ja klar|ja natürlich|ja das stimmt|ja richtig|jawohl|gerne|gern|klar|natürlich|selbstverständlich|sicher|genau|richtig|korrekt|stimmt|das stimmt|das ist richtig|das ist korrekt|in ordnung|okay|ok|gut|einverstanden|passt|das passt|doch|alles klar|nein|nee|nö|nein danke|auf keinen fall|noch nicht|nicht wirklich|eigentlich nicht|gar nicht|niemals|nie|ich glaube ja|ich glaube schon|ich glaube nicht|ich weiß nicht|weiß ich nicht|keine ahnung|vielleicht|wahrscheinlich|kommt darauf an|weder noch|beides|beide|egal|nichts|das ist alles|das wars|das war alles|das wäre alles|kein interesse|ich bin dran|bin ich|das bin ich|am apparat|sehr zufrieden|zufrieden',
  ),
  courtesies: entries(
    'danke|danke schön|dankeschön|vielen dank|vielen lieben dank|besten dank|herzlichen dank|danke sehr|bitte|bitte schön|bitte sehr|tschüss|tschüs|ciao|auf wiederhören|auf wiedersehen|bis dann|bis morgen|bis bald|schönen tag|schönen tag noch|einen schönen tag|einen schönen tag noch|schönen abend|ihnen auch|gleichfalls|ebenso|gute nacht|wiederhören',
  ),
  ends: {
    never: entries(
      'und|oder|aber|sondern|denn|weil|dass|ob|wenn|falls|obwohl|damit|sodass|bevor|nachdem|während|als|wie|der|die|den|dem|des|eine|einen|einem|einer|eines|mein|meine|meinen|meinem|meiner|ihr|ihre|ihren|ihrem|ihrer|dein|deine|sein|seine|seinen|unser|unsere|kein|keine|keinen|ich|wir|er|von|vom|für|zum|zur|bei|beim|im|ins|am|seit|über|unter|gegen|ohne|um|zwischen|wegen|trotz|bis zum|pro|sehr|äh|ähm|ich möchte|ich will|ich würde|ich würde gern|ich würde gerne|ich hätte gern|ich hätte gerne|ich brauche|ich habe|ich bin|ich kann|ich muss|können sie|könnten sie|können sie mir|könnten sie mir|kann ich|könnte ich|darf ich|haben sie|gibt es|ist das|sind sie|meine nummer ist|mein name ist|ich heiße|die nummer ist|meine adresse ist|die adresse ist|meine mail ist|es geht um|ich rufe an wegen|ich rufe wegen|ich wollte|ich wollte fragen|ich wollte mal|ich wollte wissen|ich wollte fragen ob|ich wüsste gern|das problem ist|die frage ist|ich glaube|ich denke|ich meine|das heißt|zum beispiel|und zwar|beziehungsweise|sowie|dieser|diese|dieses|diesen|diesem|jede|jeden|jedes|welche|welcher|welches|welchen|möchte|würde|hätte|könnte|müsste|sollte|können|muss|kann|darf|soll|je|sogar|ganz|ziemlich|laut|gemäß|dessen|deren|es ist so|es ist nämlich so|folgendes|die sache ist|die sache ist die|es geht darum|meine frage ist|mein problem ist|es ist nur',
    ),
    rarely: entries(
      'also|dann|naja|na ja|ja und|ja aber|ja also|nein aber|außerdem|jedenfalls|eigentlich|vielleicht|wahrscheinlich|noch|schon|nur|auch|erst|immer|bereits|nicht nur|aus|in|an|mit|nach|vor|hinter|neben|ist|sind|war|hat|haben|wird|will|was|wer|wann|wo|warum|wieso|wie viel|wie lange|wie viele|neue|neuen|neues|alte|alten|große|kleine|andere|anderen|nächste|nächsten|letzte|letzten|erste|ersten|zweite|zweiten|gute|guten|ganze|viele|einige|mehrere|alle|moment|einen moment|ich schaue|ich gucke|ich suche|lassen sie mich|mal sehen|hallo|guten tag|guten morgen|hallo hier ist|hier ist|mich|mir|uns|sie|sich|sich nicht|man|ihnen|bestellt habe ich|drei|vier|hier',
    ),
    perhaps: entries(
      'eins|zwei|fünf|sechs|sieben|acht|neun|zehn|nummer|konto|karte|termin|bestellung|rechnung|adresse|code|kunden|telefon|ein|ab|los|problem|ein problem|eine frage|frage|es|um drei|januar|februar|märz|april|mai|juni|juli|august|september|oktober|november|dezember|nicht|auf|das|zu|mal an|wieder an|später an|nicht an|morgen an',
    ),
    likely: entries(
      'heute|morgen|gestern|jetzt|sofort|gleich|heute abend|heute nachmittag|morgen früh|morgen nachmittag|nächste woche|letzte woche|diese woche|nächsten monat|letzten monat|am montag|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|am wochenende|vormittags|nachmittags|abends|uhr|euro|stunden|minuten|tage|tagen|wochen|monate|monaten|jahre|jahren|personen|prozent|noch mal|nochmal|noch einmal|wieder|helfen|mir helfen|weiterhelfen|stornieren|kündigen|ändern|verschieben|buchen|bestellen|bezahlen|absagen|vereinbaren|sprechen|reservieren|zurückgeben|umtauschen|wissen|machen|kommen|bekommen|gekommen|angekommen|bekommen habe|erhalten|bestellt|bezahlt|gekauft|funktioniert|funktioniert nicht|geht nicht|geht nicht mehr|funktioniert nicht mehr|stimmt nicht|passt mir|weiß nicht|verstehe nicht|verstehe ich nicht|nicht verstanden|weiß ich nicht|rufe an|rufe später an|rufe zurück|ruf mich an|rufen sie mich an|rufen sie mich zurück|zurück|hin|fest|kostet das|kostet es|was kostet das|wie viel kostet das|wie spät ist es|wie geht es ihnen|was ist das|wer ist da|wer sind sie|wo sind sie|zu teuer|zu spät|zu lange|besser|dabei|dafür|damit einverstanden|davon|darum|dazu|online|bar|mit karte|per mail|per post|am telefon|kreditkarte|telefonnummer|kundennummer|passwort|rückerstattung|geld zurück|mitarbeiter|einem mitarbeiter|einem menschen|einen termin|möglich|verfügbar|offen|geöffnet|geschlossen|kaputt|fertig|weg|da|oder nicht|nicht wahr|ne|richtig|einen termin machen|an mich|für mich|bei mir|mit mir|mit ihnen|haben sie auf|haben sie geöffnet|vorbei|abgesagt|leid',
    ),
    surely: entries(
      'danke|vielen dank|danke schön|bitte|tschüss|auf wiederhören|das ist alles|das wars|das war alles|nein danke|kein interesse|schönen tag noch|wenn möglich|wenn es geht|bitte schön',
    ),
  },
  frames: [
    {
      opens: entries('dass|weil|ob|obwohl|damit|sodass|bevor|nachdem|wenn|falls'),
      at: 'anywhere',
      until: verbEnds,
      closes: 'last',
      most: 0.25,
    },
    {
      opens: entries('wenn|falls|weil|obwohl|sobald|nachdem|bevor'),
      at: 'start',
      until: entries(
        'dann|kann|können|könnte|möchte|würde|was|wie|muss|soll|bitte|rufen|geht das|ist das|gibt|wäre|so',
      ),
      closes: 'anywhere',
      most: 0.35,
    },
    {
      opens: entries(
        'ich kann|ich muss|ich würde|ich könnte|können sie|könnten sie|würden sie|kann ich|könnte ich|soll ich|muss ich|darf ich|ich wollte|ich möchte gern|ich möchte gerne|kann man|könnten wir|können wir',
      ),
      at: 'anywhere',
      until: [...verbEnds, ...entries('nicht|das|zurück')],
      closes: 'last',
      most: 0.35,
    },
  ],
  gaps: {
    after: entries('was|wer|wo|wie|welche|wann'),
    last: entries('ist|sind|hat|haben|war|wird|kann|soll|muss|will|möchte|darf|würde'),
  },
  dateHeads: entries(
    'am|der|den|im|januar|februar|märz|april|mai|juni|juli|august|september|oktober|november|dezember|nächsten|um|gegen|halb|viertel nach|viertel vor',
  ),
  dateTails: entries(
    'uhr|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|morgen|heute|übermorgen|vormittag|nachmittag|abend|mittag|-ste|-sten|-ster|-ten|-ter|-te|wochenende',
  ),
  questions: {
    requests: entries(
      'sagen sie mir|sag mir|geben sie mir|gib mir|nennen sie|nennen sie mir|nennen|geben sie|können sie mir|könnten sie mir|kann ich|darf ich|dürfte ich|bräuchte ich|brauche ich|ich brauche ihre|ich bräuchte|ich benötige|buchstabieren sie|buchstabieren|bitte buchstabieren|bestätigen sie|wiederholen sie|mitteilen|teilen sie mir|tippen sie|erzählen sie|beschreiben sie|erklären sie|sprechen sie|verraten sie mir',
    ),
    invites: entries('erzählen sie|beschreiben sie|erklären sie|schildern sie|sagen sie mir was'),
    helps: entries(
      'helfen|für sie tun|für dich tun|behilflich sein|passiert|geschehen|führt sie|worum geht es|anliegen',
    ),
    wh: entries(
      'was|welche|welcher|welches|welchen|welchem|wann|wo|wer|wem|wie|wohin|warum|wieso|worum|wofür|womit|und ihre|und ihr|wie lautet',
    ),
    choices: entries(
      'wer|wem|wen|welche|welcher|welches|welchen|wie viele|wie viel|wie oft|wie lange|wie alt|von eins bis|von 1 bis|auf einer skala|bevorzugen|lieber',
    ),
    or: entries('oder'),
    notOr: entries('oder nicht|oder so|oder etwas|oder jemand|oder ist|oder haben sie|oder kann ich|oder gibt'),
    yesNoStarts: entries(
      'ist|sind|haben|hat|möchten|wollen|können|könnten|soll|sollen|darf|dürfen|war|waren|brauchen|passt|stimmt|kann|würden|hätten|sie|wäre|gibt|wissen|kennen|bist|hast|willst',
    ),
    offers: entries(
      'möchten sie|wollen sie|möchtest du|willst du|soll ich|sollen wir|darf ich|dürfen wir|kann ich|können wir|brauchen sie|hätten sie gern|hätten sie gerne|hätten sie lust|hätten sie interesse|würden sie|sind sie interessiert|haben sie interesse',
    ),
    confirms: entries(
      'richtig|korrekt|oder|nicht wahr|in ordnung|stimmt das|stimmts|okay|ja oder nein|ist das so richtig',
    ),
    ends: [],
    topics: {
      spelling: entries('buchstabieren|buchstabiert|buchstabe für buchstabe|schreibt man|geschrieben'),
      email: entries('e mail|email|mail|mailadresse|e mail adresse|emailadresse'),
      phone: entries('telefonnummer|handynummer|rufnummer|mobilnummer'),
      digits: entries(
        'nummer|telefonnummer|handynummer|rufnummer|kundennummer|bestellnummer|kontonummer|kartennummer|code|pin|ziffern|postleitzahl|vertragsnummer|rechnungsnummer|geheimzahl|-nummer|-code',
      ),
      address: entries('wo|wohin|adresse|anschrift|straße|wo wohnen sie|wohnen|lieferadresse|hausnummer'),
      date: entries('datum|geburtsdatum|wann|tag|uhrzeit|welchem tag|welcher tag|geboren|geburtstag|uhr|monat|jahr'),
      name: entries(
        'name|ihr name|ihren namen|namen|vorname|nachname|vornamen|nachnamen|wie heißen sie|heißen|mit wem|wer ist am apparat|wer spricht',
      ),
    },
  },
  moves: {
    questions: entries(
      'können sie|könnten sie|kannst du|würden sie|kann ich|könnte ich|darf ich|dürfte ich|muss ich|soll ich|kann man|können wir|haben sie|gibt es|ist es|ist das|sind sie|was|wann|wo|wer|wie viel|wie viele|wie lange|wie oft|wie kann|wie komme|wie geht|wie teuer|wie hoch|welche|welcher|welches|warum|wieso|wohin|woran|worauf|bis wann|ab wann|seit wann|um wie viel|geht das|machen sie|bieten sie|liefern sie|wäre es möglich',
    ),
    questionWords: entries(
      'können sie|könnten sie|würden sie|kann ich|könnte ich|was kostet|wie lange|wie viel|bis wann',
    ),
    wishes: entries(
      'ich möchte|ich will|ich würde|ich hätte|ich brauche|ich bräuchte|ich wollte|wir möchten|wir brauchen|bitte|ich habe eine frage|ich rufe an um|es geht um',
    ),
    links: entries('und|aber|also|ja|nein|gut|okay|dann|hallo|guten tag|entschuldigung'),
    stories: entries(
      'ich habe gestern|ich habe letzte|ich habe letzten|ich habe vor|ich habe bei ihnen|ich habe einen brief|ich habe eine mail|ich hatte|wir haben letzte|wir haben vor|wir hatten|gestern|vorgestern|letzte woche|letzten monat|letztes jahr|vor ein paar tagen|vor einer woche|vor zwei wochen|vor einem monat|neulich|heute morgen|der techniker|ihr techniker|der fahrer|der bote|ihr kollege|ihre kollegin|jemand',
    ),
    points: entries(
      'nicht|kein|keine|keinen|nie|aber|immer noch|falsch|falsche|falschen|kaputt|fehlt|fehlen|problem|stornieren|ändern|zurück|umtauschen|frage|niemand|nichts|ohne|zweimal|doppelt|weil|nur|leider|beschädigt',
    ),
    tags: entries(
      'glaube ich|denke ich|meine ich|nehme ich an|würde ich sagen|oder so|oder so ähnlich|soweit ich weiß|sozusagen',
    ),
    asides: [],
    refusals: entries('nein|nee|nö'),
    streets: entries('-straße|-strasse|-weg|-platz|-allee|-gasse|straße|weg|platz|allee'),
  },
  numbers: {
    values: {
      null: 0,
      eins: 1,
      ein: 1,
      zwei: 2,
      zwo: 2,
      drei: 3,
      vier: 4,
      fünf: 5,
      sechs: 6,
      sieben: 7,
      acht: 8,
      neun: 9,
      zehn: 10,
      elf: 11,
      zwölf: 12,
      dreizehn: 13,
      vierzehn: 14,
      fünfzehn: 15,
      sechzehn: 16,
      siebzehn: 17,
      achtzehn: 18,
      neunzehn: 19,
    },
    counting: {},
    soft: entries('ein'),
    tens: entries('zwanzig|dreißig|vierzig|fünfzig|sechzig|siebzig|achtzig|neunzig|-zig|-ßig'),
    tenMarks: [],
    hundreds: entries('hundert|-hundert'),
    joiners: [],
    times: { doppel: 2, doppelt: 2, zweimal: 2, dreimal: 3 },
    letters: entries(
      'ypsilon|eszett|scharfes s|ä|ö|ü|anton|berta|cäsar|dora|emil|friedrich|gustav|heinrich|ida|julius|kaufmann|ludwig|martha|nordpol|otto|paula|quelle|richard|samuel|siegfried|schule|theodor|ulrich|viktor|wilhelm|xanthippe|zacharias|zeppelin',
    ),
    asIn: entries('wie|wie in|für'),
    lengthNouns: entries(
      'ziffern|stellen|zahlen|buchstaben|zeichen|stellig|stellige|stelligen|stelliger|stelliges|ziffer',
    ),
    lastWords: entries('letzten|ersten|letzte'),
    lastNouns: entries('ziffern|stellen|zahlen|buchstaben|zeichen|ihrer'),
    singles: entries(
      'letzte buchstabe|letzten buchstaben|letzter buchstabe|erste buchstabe|ersten buchstaben|letzte ziffer|erste ziffer|welcher buchstabe|welchen buchstaben|welche ziffer',
    ),
    phoneLengths: [],
  },
  email: {
    at: entries('ät|at|klammeraffe'),
    dot: entries('punkt'),
    joins: entries('unterstrich|bindestrich|minus|punkt|strich'),
  },
}
