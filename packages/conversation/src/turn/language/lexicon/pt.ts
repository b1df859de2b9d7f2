import { entries, type Lexicon } from './lexicon.ts'

/** Portuguese, Brazilian and European. */
export const pt: Lexicon = {
  listening: entries(
    'sim|tá|tá bom|tá certo|tá bem|certo|aham|uhum|mhm|mm|pois|pois é|pois não|está bem|está bom|ok|okay|claro|entendi|entendo|percebo|isso|isso mesmo|exato|perfeito|beleza|legal|bom|muito bem|é|ah|ah tá|ah sim|oh|com certeza|ótimo|compreendo|já|já entendi|combinado',
  ),
  fillers: entries('é|éé|hã|hum|hm|ahn|eh|então|tipo|bem|pois|um|uh|ah|sabe'),
  greetings: entries(
    'alô|olá|oi|está|está lá|estou|bom dia|boa tarde|boa noite|tem alguém aí|está me ouvindo|você está aí|está aí|me ouve|ainda está aí',
  ),
  stops: entries(
    'pare|para|espere|espera|espera aí|não|um momento|um segundo|um minuto|só um momento|só um minuto|só um instante|peraí|pera|calma|chega|desculpe|desculpa|com licença|escuta|escute|ouça|silêncio|deixa eu falar|deixe me falar|tenho uma pergunta|alto|basta|cala a boca',
  ),
  notStops: entries(
    'não tem problema|não há problema|não faz mal|não se preocupe|não tem pressa|não precisa se preocupar|para mim|para o|para a|não tem de quê',
  ),
  answers: entries(
    'sim|claro|claro que sim|com certeza|certo|correto|exato|exatamente|isso|isso mesmo|é isso|é sim|sou eu|sou sim|quero|quero sim|pode|pode ser|pode sim|tenho|tenho sim|tá|tá bom|tudo bem|está bem|ok|okay|de acordo|perfeito|beleza|combinado|não|não quero|não tenho|não senhor|não senhora|ainda não|de jeito nenhum|claro que não|nunca|não obrigado|não obrigada|talvez|acho que sim|acho que não|não sei|não tenho certeza|depende|nenhum|nenhuma|nada|nada mais|mais nada|só isso|é só isso|é só|é tudo|os dois|tanto faz|qualquer um|não tenho interesse|não me interessa',
  ),
  courtesies: entries(
    'obrigado|obrigada|muito obrigado|muito obrigada|obrigadão|valeu|por favor|se faz favor|faz favor|tchau|tchau tchau|até logo|até mais|até amanhã|até breve|adeus|bom dia|boa tarde|boa noite|tenha um bom dia|um bom dia|igualmente|de nada|senhor|senhora|agradeço|desculpe',
  ),
  ends: {
    never: entries(
      'e|ou|mas|porque|que|se|quando|embora|como|para|pra|pro|por|pelo|pela|de|do|da|dos|das|a|ao|à|aos|às|em|no|na|nos|nas|com|sem|sobre|até|desde|entre|o|os|as|um|uma|uns|umas|meu|minha|meus|minhas|seu|sua|seus|suas|nosso|nossa|eu|me|te|lhe|muito|mais|é que|é|são|está|estou|quero|queria|gostaria|gostaria de|preciso|preciso de|posso|pode|poderia|podia|consigo|tenho que|vou|para que|já que|nem|meu número é|o meu número é|meu nome é|o meu nome é|me chamo|chamo me|meu e mail é|meu endereço é|o endereço é|queria saber|quero saber|queria perguntar|queria saber se|também|além de|depois de|antes de|através de|por exemplo|cada|algum|alguma|eu sou|sou|estou ligando|estou ligando para|estou a ligar|estou ligando por|ligo para|acho que|penso que|disseram que|me disseram que|tenho|tenho um|tenho uma|tem|têm|há|foi|seria|qual é|qual é o|qual é a|quanto custa o|onde fica o|quem|esse|essa|este|esta|isso é|num|numa|dum|daquele|nesse|nessa|durante|segundo|contra|um pouco de|uma coisa que|você pode|o senhor pode|pode me|poderia me|pode me dizer|você tem|vocês têm|às vezes que|eu queria|eu quero|eu preciso|eu gostaria|eu gostaria de|eu tenho|eu estou|eu não|não|sou o|sou a|ela|ele|nós|eles|elas|você|vocês|acontece que|é o seguinte|o seguinte|o problema é que|o caso é que|minha pergunta é|meu problema é',
    ),
    rarely: entries(
      'então|bem|aí|pois|depois|primeiro|só|apenas|já|ainda|quase|talvez|outro|outra|primeira|último|última|novo|nova|próximo|próxima|mesmo|mesma|quanto|quando é|qual|onde|como é|por que|porquê|algo|faz|comprei|pedi|recebi|fiz|fui|liguei|hã|hum|tipo|deixa eu ver|deixe me ver|um momento|só um momento|só um minuto|espere|oi|olá|bom dia|boa tarde|boa noite|olha|olhe|todo|toda|todos|todas|grande|bom|boa|tão|tanto|muita|pouco|dois|duas|três|quatro|saber|fazer|ter|ver|comprar|trocar|marcar|na verdade|sim mas|dizer',
    ),
    perhaps: entries(
      'cinco|seis|meia|sete|oito|nove|dez|número|cartão|conta|consulta|pedido|serviço|código|telefone|cancelar|mudar|reservar|pagar|ligar|enviar|receber|problema|pergunta|dúvida|uma dúvida|uma pergunta|um problema|meu pedido|minha conta|meu cartão|minha consulta|janeiro|fevereiro|março|abril|maio|junho|julho|agosto|setembro|outubro|novembro|dezembro|endereço|falar',
    ),
    likely: entries(
      'hoje|amanhã|ontem|agora|agora mesmo|esta tarde|hoje à tarde|hoje à noite|de manhã|da manhã|à tarde|da tarde|à noite|da noite|semana que vem|na semana que vem|próxima semana|na próxima semana|semana passada|mês passado|mês que vem|segunda|segunda feira|terça|terça feira|quarta|quarta feira|quinta|quinta feira|sexta|sexta feira|sábado|domingo|aqui|ali|aí mesmo|online|em dinheiro|no cartão|cartão de crédito|número de telefone|euros|reais|horas|minutos|dias|semanas|meses|anos|pessoa|pessoas|de novo|outra vez|novamente|comigo|com você|para mim|pra mim|me ajudar|ajudar|ajuda|isso|isto|nada|sinto muito|não sei|não entendi|não lembro|não me lembro|não funciona|não está funcionando|não chegou|está errado|está certo|está bom|melhor|caro demais|muito caro|quanto custa|quanto é|quanto fica|que horas são|como vai|tudo bem|quem é|quem fala|onde fica|onde vocês ficam|abrem|fecham|demora|disponível|possível|senha|minha senha|a senha|fatura|a fatura|nota fiscal|reembolso|um reembolso|um atendente|atendente|com uma pessoa|por telefone|por e mail|devolução|né|não é|certo|em casa|uma consulta|o pedido|minha consulta por|no sistema',
    ),
    surely: entries(
      'obrigado|obrigada|muito obrigado|muito obrigada|por favor|tchau|até logo|só isso|é só isso|é só|mais nada|nada mais|não obrigado|não obrigada|se possível|se for possível|valeu|não tenho interesse|tá bom',
    ),
  },
  frames: [
    {
      opens: entries('se|quando|como|embora|enquanto|assim que|caso'),
      at: 'start',
      until: entries(
        'então|posso|pode|poderia|quero|queria|me|é|que|quanto|como|vou|tenho que|seria|por favor|não|avise|dá|tem',
      ),
      closes: 'anywhere',
      most: 0.35,
    },
    {
      opens: entries('porque|para que|já que|que o|que a|que eu'),
      at: 'anywhere',
      until: entries(
        'é|está|são|tenho|tem|não|me|há|foi|quero|preciso|posso|pode|era|estou|vai|vou|-ou|-ava|-ia|-ei|-amos|-emos|-am|-eu',
      ),
      closes: 'anywhere',
      most: 0.3,
    },
  ],
  gaps: {
    after: entries('o que|que|quanto|quem|qual'),
    last: entries('é|fazer|tem|tenho|quero|preciso|saber|são|ter|há|comprar'),
  },
  dateHeads: entries(
    'dia|no dia|janeiro|fevereiro|março|abril|maio|junho|julho|agosto|setembro|outubro|novembro|dezembro|próximo|próxima|às|as|de|lá pelas',
  ),
  dateTails: entries(
    'segunda|terça|quarta|quinta|sexta|sábado|domingo|feira|manhã|tarde|noite|meio dia|hoje|amanhã|horas|meia|fim de semana|de janeiro|de fevereiro|de março|de abril|de maio|de junho|de julho|de agosto|de setembro|de outubro|de novembro|de dezembro',
  ),
  questions: {
    requests: entries(
      'me diga|diga me|diga|me dê|me fale|fale|me informe|informe|me passa|me passe|pode me dar|pode me dizer|poderia me dar|poderia me dizer|pode me informar|poderia me informar|pode dizer|pode dar|pode soletrar|poderia soletrar|soletre|digite|confirme|pode confirmar|poderia confirmar|repita|preciso do seu|preciso da sua|preciso do|preciso da|forneça|indique|conte|explique|descreva|qual o seu',
    ),
    invites: entries('me conte|conte|explique|descreva|me explique|pode falar'),
    helps: entries('ajudar|ajudá lo|ajudá la|te ajudar|fazer por você|aconteceu|motivo da sua ligação|deseja falar'),
    wh: entries(
      'que|qual|quais|quando|onde|quem|como|quanto|quanta|quantos|quantas|por que|porquê|o que|e o seu|e a sua',
    ),
    choices: entries(
      'quem|qual deles|qual prefere|qual você prefere|quantos|quantas|quanto|prefere|de um a|de 1 a|de zero a|de 0 a|opção|que cor|que tamanho|que tipo',
    ),
    or: entries('ou'),
    notOr: entries('ou não|ou algo|ou alguma|ou alguém|ou outra coisa'),
    yesNoStarts: entries(
      'é|são|está|estão|tem|quer|deseja|pode|posso|poderia|você|o senhor|a senhora|já|há|precisa|continua|seria|vai|gostaria|podemos|confirma',
    ),
    offers: entries(
      'quer|deseja|gostaria|você gostaria|precisa|posso|podemos|prefere|se importa|aceita|tem interesse|quer que|devo',
    ),
    confirms: entries('certo|correto|tá|tá bom|não é|né|tudo bem|de acordo|está bem|sim ou não|ok'),
    ends: [],
    topics: {
      spelling: entries('soletrar|soletre|soletra|letra por letra|se escreve'),
      email: entries('e mail|email|correio eletrônico|correio eletrónico|mail'),
      phone: entries('telefone|celular|telemóvel'),
      digits: entries(
        'telefone|número|celular|telemóvel|código|pin|dígitos|algarismos|cep|código postal|cpf|nif|número da conta|número do pedido|número do cartão|senha',
      ),
      address: entries('onde|aonde|endereço|morada|rua|onde mora|onde você mora'),
      date: entries('data|dia|quando|hora|horas|nascimento|mês|ano|aniversário|nasceu'),
      name: entries(
        'nome|sobrenome|apelido|se chama|com quem falo|com quem eu falo|quem fala|quem está falando|quem é',
      ),
    },
  },
  moves: {
    questions: entries(
      'pode|poderia|podem|poderiam|você pode|vocês podem|vocês têm|tem como|posso|podemos|quanto|quanta|quantos|quantas|quando|onde|como|qual|quais|que horas|que dia|por que|o que|é possível|seria possível|será que|quem|até que|até quando|desde quando|dá para|a que',
    ),
    questionWords: entries('pode me|você pode|vocês podem|poderia|quanto custa|que horas|será que|tem como|dá para'),
    wishes: entries(
      'quero|queria|gostaria|eu quero|eu queria|eu gostaria|preciso|eu preciso|queremos|precisamos|por favor|tenho uma dúvida|estou ligando para',
    ),
    links: entries('e|mas|então|bom|sim|não|olá|oi|tá|certo|desculpe'),
    stories: entries(
      'pedi|comprei|recebi|liguei|reservei|paguei|fiz|assinei|eu pedi|eu comprei|eu recebi|eu liguei|eu paguei|eu fiz|ontem|anteontem|semana passada|na semana passada|mês passado|no mês passado|ano passado|faz uma semana|há uma semana|há dias|outro dia|no outro dia|hoje de manhã|o técnico|o entregador|um colega|uma colega|alguém',
    ),
    points: entries(
      'não|nunca|mas|ainda|errado|errada|quebrado|quebrada|falta|faltando|problema|cancelar|trocar|mudar|devolver|nada|ninguém|sem|duas vezes|porque|só|erro|cobraram',
    ),
    tags: entries('acho|eu acho|acho eu|creio|eu creio|suponho|digamos|ou algo assim|ou coisa assim'),
    asides: [],
    refusals: entries('não'),
    streets: [],
  },
  numbers: {
    values: {
      zero: 0,
      um: 1,
      uma: 1,
      dois: 2,
      duas: 2,
      três: 3,
      tres: 3,
      quatro: 4,
      cinco: 5,
      seis: 6,
      meia: 6,
      sete: 7,
      oito: 8,
      nove: 9,
      dez: 10,
      onze: 11,
      doze: 12,
      treze: 13,
      quatorze: 14,
      catorze: 14,
      quinze: 15,
      dezesseis: 16,
      dezasseis: 16,
      dezessete: 17,
      dezassete: 17,
      dezoito: 18,
      dezenove: 19,
      dezanove: 19,
    },
    counting: {},
    soft: entries('um|uma'),
    tens: entries('vinte|trinta|quarenta|cinquenta|sessenta|setenta|oitenta|noventa'),
    tenMarks: [],
    hundreds: entries(
      'cem|cento|centos|duzentos|trezentos|quatrocentos|quinhentos|seiscentos|setecentos|oitocentos|novecentos',
    ),
    joiners: entries('e'),
    times: { duplo: 2, dobro: 2, triplo: 3 },
    letters: entries('bê|cê|dê|efe|gê|agá|jota|cá|ele|eme|ene|pê|quê|erre|esse|tê|vê|dáblio|xis|ípsilon|zê'),
    asIn: entries('de|como|como em'),
    lengthNouns: entries('dígitos|algarismos|letras|números|caracteres|dígito'),
    lastWords: entries('últimos|últimas|primeiros'),
    lastNouns: entries('do|da|dígitos|números|algarismos'),
    singles: entries(
      'última letra|primeira letra|último dígito|primeiro dígito|que letra|qual letra|qual dígito|que dígito',
    ),
    phoneLengths: [9, 11],
  },
  email: {
    at: entries('arroba|at'),
    dot: entries('ponto'),
    joins: entries('traço|hífen|underline|ponto|arroba|sublinhado'),
  },
}
