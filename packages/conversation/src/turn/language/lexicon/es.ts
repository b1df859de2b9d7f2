import { entries, type Lexicon } from './lexicon.ts'

/** Spanish. */
export const es: Lexicon = {
  listening: entries(
    'sí|si|ajá|aja|mhm|mm|vale|claro|claro que sí|ya|ya veo|bueno|bien|muy bien|de acuerdo|entiendo|entendido|perfecto|ok|okay|ah|oh|correcto|exacto|así es|genial|por supuesto|comprendo|está bien|ya ya|eso|eso es',
  ),
  fillers: entries('eh|em|ehm|mmm|este|pues|bueno|a ver|o sea|um|ah|hm'),
  greetings: entries(
    'hola|diga|dígame|aló|bueno|buenas|buenos días|buenas tardes|buenas noches|oiga|me oye|me escucha|sigue ahí|está ahí|hay alguien',
  ),
  stops: entries(
    'espera|espere|espérate|espérese|alto|no|oiga|oye|un momento|un segundo|un momentito|para|pare|basta|perdón|perdona|disculpe|disculpa|déjame hablar|déjeme hablar|escucha|escuche|cállate|cállese|silencio|ya basta|detente|deténgase|tengo una pregunta',
  ),
  notStops: entries(
    'no pasa nada|no hay problema|no se preocupe|no te preocupes|no hay de qué|para mí|para el|para la|para nada|no importa|no hay prisa',
  ),
  answers: entries(
    'sí|si|claro|claro que sí|por supuesto|desde luego|vale|de acuerdo|ok|okay|correcto|exacto|exactamente|así es|está bien|bien|muy bien|perfecto|eso es|efectivamente|adelante|no|para nada|en absoluto|claro que no|todavía no|aún no|ya no|no gracias|tal vez|quizás|quizá|a lo mejor|puede ser|creo que sí|creo que no|no sé|no lo sé|no estoy seguro|no estoy segura|depende|ninguno|ninguna|nada|nada más|nunca|eso es todo|soy yo|sí soy yo|ambos|los dos|cualquiera|no me interesa',
  ),
  courtesies: entries(
    'gracias|muchas gracias|mil gracias|muchísimas gracias|por favor|adiós|hasta luego|hasta mañana|hasta pronto|chao|chau|nos vemos|buen día|que tenga buen día|que tenga un buen día|igualmente|muy amable|de nada|señor|señora|señorita|perdón|disculpe',
  ),
  ends: {
    never: entries(
      'y|e|o|u|pero|porque|que|si|cuando|aunque|como|para|por|de|del|a|al|en|con|sin|sobre|hasta|desde|entre|hacia|según|contra|durante|mediante|el|la|los|las|un|una|unos|unas|mi|mis|tu|tus|su|sus|nuestro|nuestra|yo|me|te|se|lo que|le|les|nos|muy|más|es que|es|son|está|están|estoy|quiero|quisiera|necesito|me gustaría|puedo|puede|podría|podrías|puedes|tengo que|hay que|voy a|para que|ya que|sino|ni|mi número es|mi nombre es|me llamo|mi correo es|mi dirección es|el número es|quería|quería saber|quiero saber|quería preguntar|eh|em|este|o sea|también|además|además de|después de|antes de|a través de|acerca de|por ejemplo|cada|algún|alguna|este es|soy|llamo por|llamo para|estoy llamando|estoy llamando por|creo que|pienso que|me parece que|dice que|me dijeron que|tengo|tengo un|tengo una|tiene|tienen|hay|ha|he|han|hemos|había|sería|son las|a las|a la|el día|dónde está el|cuál es el|cuál es|cuánto cuesta el|quién|qué|lo que pasa es|lo que pasa es que|resulta que|el caso es que|la cosa es que|lo que ocurre es que|mi pregunta es|mi problema es',
    ),
    rarely: entries(
      'pues|entonces|bueno|luego|así que|después|primero|solo|sólo|ya|todavía|aún|casi|quizás|tal vez|otro|otra|primer|primera|segundo|último|última|nuevo|nueva|próximo|próxima|mismo|misma|esta|ese|esa|cuándo|cuánto|cuál|dónde|cómo|por qué|algo|hace|desde hace|llevo|compré|pedí|recibí|hice|fui|a ver|déjame ver|déjeme ver|un momento|un segundo|espere|hola soy|buenos días|buenas tardes|hola buenas|hola|mira|mire|todo|toda|todos|todas|gran|buen|mal|tan|tanto|mucho|mucha|poco|tres|cuatro|no|sí pero|saber|hacer|tener|poder|ver|comprar',
    ),
    perhaps: entries(
      'uno|dos|cinco|seis|siete|ocho|nueve|diez|número|tarjeta|cuenta|cita|pedido|servicio|atención|correo|código|teléfono|lo|la una|cancelar|cambiar|reservar|pagar|llamar|enviar|recibir|problema|pregunta|una pregunta|un problema|mi pedido|mi cuenta|mi tarjeta|mi cita|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre|mañana por',
    ),
    likely: entries(
      'hoy|mañana|ayer|ahora|ahora mismo|esta tarde|esta mañana|esta noche|por la mañana|por la tarde|por la noche|la semana que viene|la próxima semana|la semana pasada|el mes pasado|lunes|martes|miércoles|jueves|viernes|sábado|domingo|aquí|allí|ahí|en línea|en efectivo|con tarjeta|con tarjeta de crédito|tarjeta de crédito|número de teléfono|euros|pesos|dólares|horas|minutos|días|semanas|meses|años|persona|personas|otra vez|de nuevo|también yo|a mí|para mí|conmigo|con usted|ayudarme|ayuda|hacerlo|cancelarlo|cambiarla|cambiarlo|eso|esto|nada|todo bien|lo siento|no sé|no lo sé|no entiendo|no me acuerdo|no funciona|no me funciona|está bien|está mal|me parece bien|mejor|demasiado caro|muy caro|es eso|cuánto cuesta|cuánto es|cuánto vale|qué hora es|cómo está|qué pasa|qué pasó|quién es|quién habla|dónde están|a qué hora abren|abren|cierran|tardan|tarda|disponible|posible|mi contraseña|contraseña|factura|la factura|un reembolso|reembolso|con un agente|agente|con una persona|un representante|verdad|en persona|por teléfono|por correo|devolución|cita médica',
    ),
    surely: entries(
      'gracias|muchas gracias|por favor|adiós|hasta luego|eso es todo|nada más|si es posible|si puede ser|de acuerdo|no gracias|no me interesa|muy amable|chao',
    ),
  },
  frames: [
    {
      opens: entries('si|cuando|como|aunque|mientras|en cuanto'),
      at: 'start',
      until: entries(
        'entonces|puedo|puede|podría|quiero|quisiera|me|es|qué|cuánto|cómo|voy|tengo que|sería|por favor|no|avíseme|dígame|llámeme|le|se',
      ),
      closes: 'anywhere',
      most: 0.35,
    },
    {
      opens: entries('porque|para que|ya que'),
      at: 'anywhere',
      until: entries(
        'es|está|son|tengo|tiene|no|me|se|hay|ha|he|quiero|necesito|puedo|fue|era|estoy|-ó|-aba|-ía|-é|-amos|-emos|-an',
      ),
      closes: 'anywhere',
      most: 0.3,
    },
  ],
  gaps: {
    after: entries('qué|lo que|cuánto|quién|cuál'),
    last: entries('es|hacer|tiene|tengo|quiero|necesito|saber|son|tener|comprar|hay'),
  },
  dateHeads: entries(
    'el|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre|próximo|las|la|de',
  ),
  dateTails: entries(
    'lunes|martes|miércoles|jueves|viernes|sábado|domingo|mañana|tarde|noche|mediodía|media|cuarto|hoy|fin de semana|de enero|de febrero|de marzo|de abril|de mayo|de junio|de julio|de agosto|de septiembre|de octubre|de noviembre|de diciembre',
  ),
  questions: {
    requests: entries(
      'dígame|dime|deme|dame|me da|me puede dar|me puede decir|puede darme|puede decirme|podría darme|podría decirme|me podría dar|me podría decir|podría deletrear|puede deletrear|deletree|indíqueme|indique|me indica|me dice|proporcione|introduzca|ingrese|marque|diga|confirme|confírmeme|puede confirmar|repita|necesito su|necesito el|facilíteme|me facilita|cuénteme|explíqueme|describa',
    ),
    invites: entries('cuénteme|cuéntame|explíqueme|explícame|describa|dígame qué'),
    helps: entries(
      'ayudarle|ayudarlo|ayudarla|ayudarte|ayudar|servirle|pasó|ha pasado|ocurrió|motivo de su llamada|se le ofrece',
    ),
    wh: entries('qué|cuál|cuáles|cuándo|dónde|quién|cómo|cuánto|cuánta|cuántos|cuántas|por qué|y su'),
    choices: entries(
      'quién|quiénes|cuál de|cuál prefiere|cuál quiere|cuántos|cuántas|cuánto|qué prefiere|prefiere|del uno al|del 1 al|de uno a|opción|qué color|qué talla|qué tipo',
    ),
    or: entries('o|u'),
    notOr: entries('o no|o algo|o alguna|o alguien|o sea'),
    yesNoStarts: entries(
      'es|son|está|están|tiene|tienes|quiere|quieres|desea|puede|puedo|podría|le|ha|hay|necesita|sigue|sería|va|vive|recibió|ya',
    ),
    offers: entries(
      'quiere|quieres|desea|deseas|le gustaría|te gustaría|necesita|puedo|podemos|prefiere|le parece|le interesa|le importa|quiere que|hace falta que',
    ),
    confirms: entries('verdad|correcto|de acuerdo|no|cierto|está bien|vale|sí o no'),
    ends: [],
    topics: {
      spelling: entries('deletrear|deletree|deletrea|deletrearlo|deletrearme|letra por letra|se escribe'),
      email: entries('correo|correo electrónico|email|e mail|mail'),
      phone: entries('teléfono|móvil|celular'),
      digits: entries(
        'teléfono|número|móvil|celular|código|pin|dígitos|cifras|código postal|dni|número de cuenta|número de pedido|número de tarjeta|contraseña',
      ),
      address: entries('dónde|a dónde|adónde|dirección|domicilio|calle|dónde vive|dónde vives'),
      date: entries('fecha|día|cuándo|hora|nacimiento|mes|año|cumpleaños|nació'),
      name: entries('nombre|apellido|apellidos|se llama|te llamas|quién hablo|quién habla|quién es'),
    },
  },
  moves: {
    questions: entries(
      'puede|puedes|podría|podrías|pueden|podrían|me puede|me podría|me pueden|me podrían|se puede|puedo|podemos|cuánto|cuánta|cuántos|cuántas|cuándo|dónde|cómo|qué|cuál|cuáles|a qué|de qué|en qué|por qué|es posible|hasta qué|hasta cuándo|desde cuándo|quién|a dónde|adónde|sería posible',
    ),
    questionWords: entries('me puede|me puedes|me podría|me pueden|puede usted|podrían|cuánto cuesta|a qué hora'),
    wishes: entries(
      'quiero|quería|quisiera|querría|necesito|me gustaría|deseo|queremos|necesitamos|llamo para|por favor|tengo una pregunta|tengo una duda',
    ),
    links: entries('y|pero|entonces|bueno|sí|no|hola|buenas|vale|perdone|disculpe|oiga'),
    stories: entries(
      'pedí|compré|recibí|llamé|reservé|pagué|envié|hice|firmé|ayer|anoche|anteayer|la semana pasada|el mes pasado|el año pasado|hace unos días|hace una semana|hace dos semanas|hace un mes|el otro día|esta mañana|el técnico|el repartidor|un compañero|una compañera|alguien',
    ),
    points: entries(
      'no|nunca|pero|todavía|aún|mal|roto|rota|rotos|falta|faltan|problema|cancelar|cambiar|devolver|devolución|nada|nadie|sin|dos veces|porque|solo|sólo|equivocado|equivocada|error|cobraron',
    ),
    tags: entries('creo|creo yo|me parece|pienso|pienso yo|supongo|digamos|o algo así|o así'),
    asides: [],
    refusals: entries('no'),
    streets: [],
  },
  numbers: {
    values: {
      cero: 0,
      uno: 1,
      un: 1,
      una: 1,
      dos: 2,
      tres: 3,
      cuatro: 4,
      cinco: 5,
      seis: 6,
      siete: 7,
      ocho: 8,
      nueve: 9,
      diez: 10,
      once: 11,
      doce: 12,
      trece: 13,
      catorce: 14,
      quince: 15,
      dieciséis: 16,
      dieciseis: 16,
      diecisiete: 17,
      dieciocho: 18,
      diecinueve: 19,
      veintiuno: 21,
      veintidós: 22,
      veintitrés: 23,
      veinticuatro: 24,
      veinticinco: 25,
      veintiséis: 26,
      veintisiete: 27,
      veintiocho: 28,
      veintinueve: 29,
    },
    counting: {},
    soft: entries('un|una'),
    tens: entries('veinte|treinta|cuarenta|cincuenta|sesenta|setenta|ochenta|noventa'),
    tenMarks: [],
    hundreds: entries(
      'cien|ciento|cientos|doscientos|trescientos|cuatrocientos|quinientos|seiscientos|setecientos|ochocientos|novecientos',
    ),
    joiners: entries('y'),
    times: { doble: 2, triple: 3 },
    letters: entries(
      'be|ce|de|efe|ge|hache|jota|ka|ele|eme|ene|eñe|pe|cu|erre|ere|ese|te|uve|ve|be larga|ve corta|uve doble|doble ve|doble u|equis|i griega|ye|zeta',
    ),
    asIn: entries('de|como|como en'),
    lengthNouns: entries('dígitos|cifras|letras|números|caracteres|dígito'),
    lastWords: entries('últimos|últimas|primeros'),
    lastNouns: entries('de|dígitos|cifras|números|números de'),
    singles: entries(
      'última letra|primera letra|último dígito|primer dígito|última cifra|primera cifra|qué letra|qué dígito',
    ),
    phoneLengths: [9, 10],
  },
  email: {
    at: entries('arroba|at'),
    dot: entries('punto'),
    joins: entries('guion|guión|guion bajo|guión bajo|punto|arroba'),
  },
}
