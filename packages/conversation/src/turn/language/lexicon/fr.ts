import { entries, type Lexicon } from './lexicon.ts'

/** 70 to 79 and 90 to 99 are counted on from 60 and 80. */
const teens = entries('dix|onze|douze|treize|quatorze|quinze|seize|dix sept|dix huit|dix neuf')
const vigesimals = Object.fromEntries(
  teens.flatMap((teen, unit) => [
    [`soixante ${teen}`, 70 + unit],
    [`soixante et ${teen}`, 70 + unit],
    [`quatre vingt ${teen}`, 90 + unit],
  ]),
)

/** French. */
export const fr: Lexicon = {
  listening: entries(
    "oui|ouais|mhm|mm|d'accord|ok|okay|très bien|bien|bien sûr|ah|oh|ah oui|ah bon|ah d'accord|je vois|je comprends|compris|exactement|exact|voilà|parfait|super|c'est ça|entendu|tout à fait|en effet|absolument|hm|ça marche|bon|ben oui|eh oui",
  ),
  fillers: entries('euh|heu|hum|hm|ben|bah|eh ben|eh bien|bon|alors|enfin|ah|oh|um|uh'),
  greetings: entries(
    "allô|allo|bonjour|bonsoir|salut|coucou|vous êtes là|tu es là|vous m'entendez|tu m'entends|il y a quelqu'un|oui bonjour|oui allô",
  ),
  stops: entries(
    "attends|attendez|non|arrête|arrêtez|stop|un instant|une seconde|une minute|un moment|pardon|excusez moi|excuse moi|écoutez|écoute|taisez vous|tais toi|ça suffit|laissez moi parler|laissez moi finir|j'ai une question|minute|pause|halte|désolé de vous interrompre",
  ),
  notStops: entries(
    "non pas de problème|non mais d'accord|pas de problème|non non pas de souci|non non ça va|non ça va|pardon oui",
  ),
  answers: entries(
    "oui|ouais|oui oui|oui bien sûr|oui tout à fait|oui c'est ça|oui c'est moi|c'est moi|c'est bien moi|c'est ça|bien sûr|tout à fait|exactement|exact|absolument|d'accord|ok|okay|ça marche|volontiers|avec plaisir|si|parfait|très bien|ça me va|ça me convient|c'est bon|allez y|non|non merci|pas du tout|pas encore|pas vraiment|jamais|bien sûr que non|je ne sais pas|je sais pas|je ne pense pas|je pense que oui|je crois|je crois que oui|peut être|ça dépend|aucun|aucune|rien|rien d'autre|c'est tout|les deux|ni l'un ni l'autre|je ne suis pas intéressé|pas intéressé|ça ne m'intéresse pas",
  ),
  courtesies: entries(
    "merci|merci beaucoup|merci bien|merci à vous|je vous remercie|merci d'avance|s'il vous plaît|s'il te plaît|svp|au revoir|à bientôt|à demain|à plus tard|à tout à l'heure|bonne journée|bonne soirée|bon après midi|de rien|je vous en prie|madame|monsieur|vous aussi|pardon|désolé|désolée|c'est gentil",
  ),
  ends: {
    never: entries(
      "et|ou|mais|car|donc|parce que|parce qu'|que|qu'|si|lorsque|comme|pour|par|de|du|des|d'|à|au|aux|en|dans|sur|sous|avec|sans|chez|entre|vers|depuis|pendant|avant de|après|contre|selon|malgré|le|la|les|l'|un|une|mon|ma|mes|ton|ta|tes|son|sa|ses|notre|nos|votre|vos|leur|leurs|ce|cet|cette|ces|je|j'|tu|il|elle|on|nous|ils|elles|me|te|se|ne|n'|très|trop|plus|moins|est|sont|c'est|c'est que|j'ai|je suis|je voudrais|je veux|j'aimerais|je souhaite|je souhaiterais|je peux|pouvez|pourriez|puis|puis je|est ce que|est ce qu'|est ce que vous|il y a|je dois|il faut|il faut que|pour que|afin de|afin que|mon numéro est|mon numéro c'est|mon nom est|je m'appelle|mon adresse est|mon adresse c'est|mon mail c'est|c'est le|c'est la|c'est un|c'est une|euh|heu|ben|aussi bien|ainsi que|grâce à|à cause de|au sujet de|à propos de|en ce qui concerne|par exemple|j'appelle pour|je vous appelle pour|j'appelle|je vous appelle|j'appelle au sujet|je pense que|je crois que|je me demandais|je me demandais si|je voulais|je voulais savoir|je voudrais savoir|je voulais savoir si|pouvez vous|pourriez vous|pouvez vous me|pourriez vous me|pouvez vous m'|avez vous|avez vous un|avez vous une|vous avez|quel est|quelle est|quels sont|où est|qui est|a|ont|avez|avons|ai|as|suis|êtes|sommes|était|serait|chaque|plusieurs|quelques|jusqu'à|jusqu'au|tellement|si jamais|alors que|puisque|quel|quelle|quels|quelles|dont|lequel|laquelle|vous me|le problème c'est|le problème c'est que|ce qui se passe c'est|ce qui se passe c'est que|le souci c'est|ma question est|ma question c'est|il se trouve que|figurez vous que",
    ),
    rarely: entries(
      "alors|ensuite|enfin|bon|eh bien|en fait|du coup|c'est à dire|genre|voilà euh|déjà|encore un|seulement|juste|toujours|peut être que|surtout|d'abord|premièrement|vous|nouveau|nouvelle|petit|petite|grand|grande|autre|même|premier|première|deuxième|dernier|dernière|prochain|prochaine|bonne|quoi|qui|où|comment|combien|pourquoi|combien de|attendez|un instant|je regarde|je cherche|je vais voir|je vais|bonjour|bonjour madame|bonjour monsieur|oui bonjour|oui mais|oui alors|non mais|acheté|commandé|reçu|fait|pris|mis|eu|voulu|pu|dû|faire|avoir|être|prendre|savoir|acheter|changer|tout|toute|tous|toutes|trois|quatre|pas de|il me dit|on m'a dit|ils m'ont dit|on m'a dit que|avant|vu|dit|quand",
    ),
    perhaps: entries(
      'deux|cinq|six|sept|huit|neuf|dix|vingt|numéro|carte|compte|commande|rendez|service|code|adresse|mail|téléphone|annuler|modifier|réserver|payer|appeler|envoyer|recevoir|parler|un problème|une question|ma commande|mon compte|ma carte|mon rendez vous|janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre|pas|plus de|y|lui|savoir comment',
    ),
    likely: entries(
      "aujourd'hui|demain|hier|maintenant|tout de suite|ce matin|cet après midi|ce soir|le matin|l'après midi|le soir|demain matin|demain soir|la semaine prochaine|la semaine dernière|le mois prochain|le mois dernier|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|ici|là|là bas|en ligne|en espèces|par carte|carte bancaire|carte bleue|carte de crédit|numéro de téléphone|euros|heures|minutes|jours|semaines|mois|ans|personnes|encore|à nouveau|aussi|moi aussi|pour moi|avec moi|avec vous|m'aider|vous m'aider|aide|ça|cela|comme ça|celui là|celle là|rien|je ne sais pas|je sais pas|je ne comprends pas|je ne me souviens pas|ne marche pas|ne fonctionne pas|marche pas|fonctionne plus|ne marche plus|n'est pas arrivé|pas arrivé|pas reçu|c'est bon|c'est bien|c'est faux|c'est cher|trop cher|trop tard|mieux|combien ça coûte|ça coûte combien|c'est combien|c'est quoi|quelle heure est il|comment ça va|qui êtes vous|c'est qui|où êtes vous|êtes vous ouverts|disponible|possible|mot de passe|mon mot de passe|facture|la facture|ma facture|remboursement|un remboursement|un conseiller|un rendez vous|rendez vous|ma commande s'il|par téléphone|par mail|par courrier|monsieur|madame|non plus|hein|n'est ce pas|une personne|quelqu'un|le faire|l'annuler|la changer|le changer|rappeler|me rappeler",
    ),
    surely: entries(
      "merci|merci beaucoup|merci bien|s'il vous plaît|s'il te plaît|au revoir|bonne journée|c'est tout|d'accord|si possible|merci d'avance|non merci|rien d'autre|à bientôt|ça ne m'intéresse pas",
    ),
  },
  frames: [
    {
      opens: entries('si|quand|lorsque|comme|puisque|dès que|pendant que|parce que'),
      at: 'start',
      until: entries(
        "alors|je peux|est ce que|puis je|je voudrais|je veux|pouvez|il faut|c'est|ça|comment|combien|je vais|rappelez|vous pouvez|dites|on peut|on fait|s'il vous",
      ),
      closes: 'anywhere',
      most: 0.35,
    },
    {
      opens: entries("parce que|parce qu'|pour que|que je|que mon|que ma|est ce que|est ce que je"),
      at: 'anywhere',
      until: entries(
        "est|sont|ai|a|j'ai|c'est|n'ai|n'est|ne|peux|peut|veux|dois|suis|avez|pouvez|faut|va|vais|était|ont|marche|fonctionne|soit|puisse|marche|fonctionne|arrive|coûte|bloque|déménage|paye|veut|sais|sait|fais|fait|prends|prend|viens|vient|reste|manque|-ez|-ons|-ait|-ais",
      ),
      closes: 'anywhere',
      most: 0.3,
    },
  ],
  gaps: {
    after: entries("que|qu'est|quoi|quel|quelle|où|qui"),
    last: entries('faire|est|prendre|acheter|avoir|fait|vu|dit|voulu'),
  },
  dateHeads: entries(
    'le|janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre|à|vers|prochain',
  ),
  dateTails: entries(
    "lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|matin|midi|soir|heures|heure|demie|demain|aujourd'hui|quart|week end",
  ),
  questions: {
    requests: entries(
      "dites moi|dis moi|donnez moi|donne moi|pouvez vous me donner|pouvez vous me dire|pourriez vous me donner|pourriez vous me dire|puis je avoir|je peux avoir|puis je vous demander|pouvez vous épeler|pourriez vous épeler|épelez|indiquez|indiquez moi|m'indiquer|me donner|me dire|me préciser|précisez|confirmer votre|confirmez|répétez|veuillez|j'ai besoin de votre|il me faut|il me faudrait|entrez|tapez|saisissez|composez|décrivez|expliquez|racontez",
    ),
    invites: entries('racontez|expliquez|décrivez|dites moi ce|je vous écoute'),
    helps: entries(
      "vous aider|t'aider|faire pour vous|être utile|s'est il passé|s'est passé|est il arrivé|objet de votre appel|vous renseigner",
    ),
    wh: entries(
      "quel|quelle|quels|quelles|quand|où|qui|comment|combien|pourquoi|quoi|qu'est ce|lequel|laquelle|et votre|que puis je|que souhaitez",
    ),
    choices: entries(
      'qui est|à qui|chez qui|lequel|laquelle|combien|de un à|de 1 à|préférez vous|préférez|préférez vous plutôt|quelle taille|quelle couleur|quel type|option|note',
    ),
    or: entries('ou'),
    notOr: entries("ou non|ou pas|ou autre|ou quelque chose|ou quelqu'un"),
    yesNoStarts: entries(
      "est ce que|est ce|êtes vous|avez vous|voulez vous|souhaitez vous|pouvez vous|puis je|c'est|vous|désirez vous|aimeriez vous|y a t il|dois je|faut il|peut on|serait ce|es tu|as tu",
    ),
    offers: entries(
      'voulez vous|souhaitez vous|désirez vous|aimeriez vous|avez vous besoin|puis je|dois je|peut on|pouvons nous|vous voulez|vous souhaitez|vous désirez|je peux|seriez vous|êtes vous intéressé|êtes vous intéressée|ça vous intéresse|ça vous convient',
    ),
    confirms: entries("d'accord|c'est ça|n'est ce pas|c'est bien ça|c'est correct|ça vous va|oui ou non|c'est exact"),
    ends: [],
    topics: {
      spelling: entries("épeler|épelez|épelle|lettre par lettre|s'écrit|ça s'écrit"),
      email: entries('mail|e mail|email|courriel|adresse mail|adresse e mail|adresse électronique'),
      phone: entries('téléphone|portable'),
      digits: entries(
        'téléphone|numéro|portable|code|pin|chiffres|code postal|numéro de commande|numéro de client|numéro de compte|numéro de carte|mot de passe',
      ),
      address: entries('où|adresse|rue|habitez vous|où habitez|domicile'),
      date: entries('date|jour|quand|heure|naissance|mois|année|né|née|anniversaire'),
      name: entries(
        "nom|prénom|vous appelez vous|vous appelez|t'appelles|qui ai je|à qui ai je|qui est à l'appareil|qui êtes vous",
      ),
    },
  },
  moves: {
    questions: entries(
      "est ce que|est ce qu'|pouvez vous|pourriez vous|vous pouvez|vous pourriez|puis je|pourrais je|est ce|avez vous|êtes vous|y a t il|est il|serait il|combien|quand|où|comment|pourquoi|quel|quelle|quels|quelles|à quelle|à quel|jusqu'à quelle|qu'est ce|c'est combien|c'est quoi|c'est quand|c'est où|faut il|dois je|peut on|qui",
    ),
    questionWords: entries(
      "est ce que|est ce qu'|pouvez vous|pourriez vous|vous pouvez|vous pourriez|puis je|c'est combien|à quelle heure",
    ),
    wishes: entries(
      "je voudrais|je veux|j'aimerais|je souhaite|je souhaiterais|j'ai besoin|il me faut|il me faudrait|nous voudrions|j'appelle pour|je vous appelle pour|j'ai une question|je cherche",
    ),
    links: entries('et|mais|alors|donc|bon|oui|non|bonjour|allô|excusez moi|pardon'),
    stories: entries(
      "j'ai commandé|j'ai acheté|j'ai reçu|j'ai appelé|j'ai réservé|j'ai payé|j'ai signé|j'ai envoyé|nous avons commandé|nous avons reçu|on a commandé|hier|avant hier|la semaine dernière|le mois dernier|l'année dernière|l'autre jour|ce matin|il y a quelques jours|il y a une semaine|il y a deux semaines|le technicien|votre technicien|le livreur|un collègue|quelqu'un",
    ),
    points: entries(
      'pas|jamais|mais|toujours|encore|cassé|cassée|abîmé|abîmée|manque|problème|annuler|changer|rendre|retourner|rembourser|rien|personne|sans|deux fois|parce|erreur|mauvais|mauvaise|seulement|trop|plus',
    ),
    tags: entries('je crois|je pense|je suppose|il me semble|on va dire|ou quelque chose|ou quelque chose comme ça'),
    asides: entries('quoi|voilà'),
    refusals: entries('non'),
    streets: [],
  },
  numbers: {
    values: {
      zéro: 0,
      zero: 0,
      un: 1,
      une: 1,
      deux: 2,
      trois: 3,
      quatre: 4,
      cinq: 5,
      six: 6,
      sept: 7,
      huit: 8,
      neuf: 9,
      dix: 10,
      onze: 11,
      douze: 12,
      treize: 13,
      quatorze: 14,
      quinze: 15,
      seize: 16,
      'dix sept': 17,
      'dix huit': 18,
      'dix neuf': 19,
      ...vigesimals,
    },
    counting: {},
    soft: entries('un|une'),
    tens: entries(
      'vingt|trente|quarante|cinquante|soixante|septante|huitante|octante|nonante|quatre vingt|quatre vingts',
    ),
    tenMarks: [],
    hundreds: entries('cent|cents'),
    joiners: entries('et'),
    times: { double: 2, triple: 3 },
    letters: entries('bé|cé|dé|effe|gé|hache|ji|ka|elle|emme|enne|pé|cu|erre|esse|té|vé|double vé|ixe|i grec|zède'),
    asIn: entries('comme|de|comme dans'),
    lengthNouns: entries('chiffres|lettres|caractères|chiffre|numéros'),
    lastWords: entries('derniers|dernières|premiers|les'),
    lastNouns: entries('derniers|dernières|premiers|chiffres|lettres|caractères'),
    singles: entries('dernière lettre|première lettre|dernier chiffre|premier chiffre|quelle lettre|quel chiffre'),
    phoneLengths: [10],
  },
  email: {
    at: entries('arobase|arrobase|at|a commercial'),
    dot: entries('point'),
    joins: entries('tiret|tiret du bas|underscore|point|arobase'),
  },
}
