import { entries, type Lexicon } from './lexicon.ts'

/** Words that show a finite verb has come. Irregular and frequent forms; the rest by its ending. */
const verbs = entries(
  "am|i'm|is|it's|that's|there's|what's|where's|how's|who's|he's|she's|here's|let's|are|you're|we're|they're|was|were|do|don't|does|doesn't|did|didn't|have|i've|we've|you've|they've|has|had|hasn't|haven't|hadn't|can|can't|cannot|could|couldn't|will|won't|i'll|we'll|you'll|it'll|they'll|would|wouldn't|i'd|we'd|you'd|they'd|shall|should|shouldn't|may|might|must|isn't|aren't|wasn't|weren't|need|needs|want|wants|got|get|gets|think|know|see|said|says|say|told|tell|paid|pay|bought|buy|sent|send|made|make|took|take|gave|give|went|go|goes|came|come|comes|keeps|keep|kept|lost|forgot|forget|broke|found|find|thought|heard|hear|saw|put|let|left|leave|works|work|looks|look|wait|hold|call|cancel|change|bring|try|use|help|check|remind|repeat|speak|talk|stop|start|show|shows|seems|feels|feel|live|lives|costs|cost|opens|closes|happens|means|mean|like|likes|prefer|hope|love|thank|thanks|sorry|please|makes|lasts|picked|became|began|brings|build|catch|charges|choose|close|deliver|depend|depends|drive|eat|ends|expect|expires|fail|fails|fall|fell|fit|fits|fly|follow|freezes|grew|hang|hangs|happen|hurt|hurts|include|includes|join|knew|knows|learn|lose|mind|miss|ran|read|rings|runs|sends|sold|sounds|spent|spoke|starts|stays|stops|stood|takes|talks|tastes|tells|tries|turns|understand|understood|uses|woke|won|worry|write|wrote|-ed|-n't|spins|leaks|drips|beeps|blinks|flashes|shakes|smells|breaks|boots|loads|crashes|drops|heats|cools|arrives|leaves|moves|stands|sits|grows|pays|plays|reads|writes|covers|asks|answers|calls|wakes|sleeps|eats|drinks|drives|flies|rains|snows|hits|helps|finds|buys|sells|checks|changes|cancels|belongs|contains|appears|disappears|remains|wins|loses|gives|hears|sees|thinks|believes|remembers|forgets|owes|matters|switches|burns|melts|cries|laughs|refuses|offers|promises|arrive|own|owns|begin|begins|begun|sat|slept|ate|drank|drove|flew|rang|shook|hit|cut|set|meant|led|fed|hid|rode|rose|shut|sank|stole|stuck|struck|swore|threw|wore|blew|drew|chose|froze|felt",
)

/** Subjects: with a word after them they make a clause, whatever the verb. */
const subjects = entries('i|you|he|she|it|we|they')

/** English. */
export const en: Lexicon = {
  listening: entries(
    'uh huh|uhhuh|mm hm|mm hmm|mhm|mmhm|mhmm|mm|m|hm|hmm|aha|ah|oh|yeah|yes|yep|yup|ya|yah|ok|okay|k|right|sure|alright|all right|i see|got it|gotcha|great|good|cool|nice|wow|really|true|fine|perfect|exactly|of course|makes sense|sounds good|i know|fair enough|oh okay|i understand|understood|absolutely|lovely|wonderful',
  ),
  fillers: entries('um|uh|er|erm|uhm|eh|em|hm|hmm|ah|oh|ha|ahem|mm|huh|phew|achoo|ugh'),
  greetings: entries(
    'hello|hi|hey|hallo|good morning|good afternoon|good evening|hello there|hi there|hey there|are you there|can you hear me|you there|anybody there|anyone there|is anyone there|is anybody there|are you still there|good day',
  ),
  stops: entries(
    "stop|wait|hold on|hang on|hold up|no|nope|excuse me|pardon me|pause|listen|enough|never mind|nevermind|shut up|be quiet|just a second|one second|one moment|just a moment|just a minute|one sec|please stop|please wait|can you stop|could you stop|let me speak|let me finish|let me talk|sorry to interrupt|can i interrupt|i have a question|that's wrong|that's not|that is not|but wait|cancel that|sorry what|what did you say",
  ),
  notStops: entries(
    "no problem|no worries|no rush|no doubt|no kidding|no way|no wonder|no hurry|no big deal|no trouble|no biggie|wait time|wait times|stop by|no that's fine|no that's okay|no it's fine|no it's okay|no go ahead|no go on|no i understand",
  ),
  answers: entries(
    "yes|yeah|yep|yup|yah|ya|yes i do|yes i am|yes it is|yes i did|yes that's right|yes that's correct|yes i have|yes you can|i do|i did|i am|it is|i have|ok|okay|sure|sure thing|of course|certainly|absolutely|definitely|correct|that's correct|that is correct|that's right|that is right|right|exactly|sounds good|that works|that's fine|that works for me|go ahead|please do|alright|all right|fine|perfect|great|uh huh|mhm|mm hm|mm hmm|no|nope|nah|no i don't|no i'm not|no it's not|no it isn't|no i didn't|no i haven't|i don't|i don't think so|i think so|not really|not yet|not at all|not now|never|maybe|perhaps|probably|probably not|of course not|absolutely not|neither|none|both|either|either one|i guess|i guess so|i hope so|i'm not sure|not sure|i'm not interested|not interested|no way|no problem|nothing|nothing else|that's all|that's it|that's everything|that will be all|that'll be all|i'm good|i'm fine|we're good|all good|it depends|i can't|i can|i cannot|i won't|i will|i wouldn't|i am not|i'm not|i haven't|i did not|i do not|i was|i wasn't|we do|we don't|we are|we have|we did|it does|it doesn't|it isn't|it did|he is|she is|there is|there isn't|i didn't|i would|he was|he does|he did|he has|he can|he will|he could|he would|she was|she does|she did|she has|she can|she will|she could|she would|it was|it has|it can|it will|it could|it would|they are|they were|they do|they did|they have|they can|they will|they could|they would|we were|we can|we will|we could|we would|i could|there are|there was|there were|you can|you may|you could|you do|you are|he isn't|he wasn't|he doesn't|he didn't|he hasn't|he can't|he won't|she isn't|she wasn't|she doesn't|she didn't|she hasn't|she can't|she won't|it wasn't|it didn't|it hasn't|it can't|it won't|they aren't|they weren't|they don't|they didn't|they haven't|they can't|they won't|we aren't|we weren't|we didn't|we haven't|we can't|we won't|there aren't|there wasn't|there weren't|go on|yes go on|carry on|why not|sure why not|not today|not any more|not anymore|no longer|no need|not bad|not too bad|not good|no idea|i have no idea|so so|no sorry|yes sorry|sorry no|not right now|i don't need one|i don't need it",
  ),
  courtesies: entries(
    "please|thanks|thank you|thank you very much|thank you so much|thanks a lot|thanks so much|many thanks|thanks again|thanks for your help|thank you for your help|cheers|bye|bye bye|goodbye|good bye|good night|see you|see you then|see you tomorrow|see you later|talk to you later|talk soon|take care|have a good day|have a nice day|have a great day|have a good one|you too|same to you|sir|ma'am|madam|much appreciated|i appreciate it|appreciate it|so much|very much",
  ),
  ends: {
    never: entries(
      "um|uh|er|erm|uhm|a|an|the|and|or|but|because|cause|cuz|if|that's because|is because|to|of|my|your|his|its|our|their|i|we|he|she|they|than|whether|although|though i|unless|until|since|while|as|like a|i'm|i've|i'd|i'll|we're|we've|we'd|we'll|you're|you'll|you've|they're|they've|he's|she's|it's|there's|what's|where's|that's|who's|how's|here's|let's|i want to|i need to|i'd like to|i would like to|i wanted to|going to|gonna|wanna|want to|trying to|need to|have to|able to|like to|used to|supposed to|would like|i'd like|we'd like|my number is|number is|name is|address is|code is|email is|it is a|is that the|and then|and also|or maybe|so that|such as|instead of|because of|out of|kind of|sort of|a lot of|one of|some of|part of|i was wondering|i'm wondering|was wondering if|what i mean is|the thing is|the problem is|the reason is|i mean|by the|per|every|these|those|whose|via|versus|without|between|into|onto|toward|towards|during|except|including|regarding|concerning|upon|beyond|unlike|despite|can i|could i|may i|can you|could you|would you|will you|do you|did you|are you|is there|are there|have you|should i|do i|is it|was it|does it|can we|could we|and i|but i|so i|because i|if i|that i|i can|i could|i would|i should|i will|i might|i must|cannot|could|should|would|might|must|shall|may|i just|i really|i also|i only|i still|i actually|i recently|i already|just|very|hi my|hello my|and my|the same|calling about|calling regarding|calling to|asking about|looking for a|interested in a|mr|mrs|ms|dr|doctor|to the|in the|on the|at the|for the|with the|from the|about the|we can|which is|who is|what is|where is|when is|how is|what are|where are|please tell|could you please|can you please|would you please|will you please|can i please|can i get|can i have|could i get|could i have|may i have|may i ask|i'd rather|i would rather|i think it|i think the|i think i|hasn't|wasn't|weren't|isn't|aren't|couldn't|wouldn't|shouldn't|won't|doesn't|didn't|haven't|hadn't|don't|can't|very much for|thanks for|thank you for|sorry for|no i|yes i|yeah i|yes we|no we|okay i|ok i|here's the thing|it's like this|here is the thing|let me explain|what happened is|what happened was|the situation is|long story short|it's just that|the other thing is|my question is|my problem is",
    ),
    rarely: entries(
      "so|well|then|also|or something like|plus|is|are|was|were|am|be|been|being|has|had|have|do|does|will|can|get|got|give|gave|make|made|take|took|tell|told|send|sent|put|want|wanted|need|needed|wants|needs|bring|buy|bought|keep|kept|let|say|said|says|think|thought|i think|i thought|i guess maybe|i believe|i hope|i know that|believe|guess|suppose|feel|find|found|let me|tell me|give me|show me|help me|send me|let me know|call me|with|from|for|in|on|at|about|by|under|near|against|behind|like|maybe|probably|actually|basically|only|even|still|never|always|really|quite|pretty|too|more|most|less|some|any|no|all the|each|another|other|which|what|when|where|who|why|how|how much|how many|how long|what time|what kind|what about|how about|this|not|did|you know|i wonder|wonder|wondering|calling|i'm calling|i am calling|looking|i'm looking|i was|i had|i have|i got|i need|i want|we need|we have|we want|do you have|do you know|can you tell|can you tell me|could you tell me|can you help me|to know|want to know|like to know|the first|the second|the third|the last|the next|the new|the other|the old|a new|a little|a few|a couple|my new|my old|my last|my first|a good|a different|in order|according|due|related|regards|depends|i'm not|i am not|it was|it is|there is|there are|there was|they are|they said|he said|she said|we are|you are|it says|it said|it doesn't|it just|it keeps|one second|one moment|just a second|hold on|hang on|let me see|let me check|let me think|let me look|let me find|let me get|wait|hmm|hm|oh|ah|okay so|yeah so|yes so|yes but|no but|well i|hi this|hello this|hi i'm|a bit|i see but|alright so|if you|when you|when i|where i|what i|which i|that you|that we|that it|and it|but it|so it|because it|if it|and you|and we|but the|and the|so the|i'd like you|want you|need you|like me|nor|neither|last|next|new|different|same|first|second|third|best|main|current|several|many|both|half|enough|such|whole|entire|own|extra|bigger|smaller|able|supposed|going|trying|using|getting|having|making|doing|sending|buying|paying|the whole|asking|seems|looks|sounds|means|shows|costs|try|tried|keeps|connect|include|includes|reach|recommend|return|confirm|remove|add|replace|receive|transfer|provide|real|much|text|explain|restarting|understand the|please confirm|sorry|sorry i|i did|i do|does that|order number is|please send|please call|could you repeat|can you repeat|thank|is there a|i forgot|my name is|deliver|ship|cover|offer|accept|contact|visit|sell|ask|we have a|about half|nearly|roughly|approximately|special|strange|specific|certain|similar|single|local|nice|so much|it easy|so far|for about|for almost|before|after|around|said that|says that|told me that|think that|thought that|heard that|noticed that|just a moment|give me a second|give me a moment|bear with me|let me have a look|let me just check|hang on a second|you see",
    ),
    perhaps: entries(
      'me|you|know|see|go|come|up|out|down|back|old|big|small|good|great|long|high|low|free|full|red|blue|black|white|green|large|medium|credit|debit|phone|customer|delivery|shipping|insurance|medical|dental|monthly|weekly|annual|yearly|daily|regular|online|mobile|personal|premium|basic|standard|technical|billing|reference|tracking|is one|is two|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|hundred|thousand|because of that|very good|change|cancel|book|schedule|use|call|check|talk|speak|reschedule|update|pay|speak to|usually|sometimes|recently|already|almost|that|looking for|calling for|interested in|i understand|someone who|people who|like that|over|off|through',
    ),
    likely: entries(
      "time is it|day is it|date is it|who is it|where is it|far is it|one is it|goodbye then|bye then|okay then|alright then|all right then|fine then|good then|see you then|again|anymore|any more|now|today|tonight|tomorrow|yesterday|morning|afternoon|evening|this morning|this afternoon|this evening|in the morning|in the afternoon|in the evening|monday|tuesday|wednesday|thursday|friday|saturday|sunday|next week|last week|this week|next month|last month|this month|next year|last year|this year|this weekend|weekend|week|month|year|day|days|weeks|months|years|hours|minutes|hour|minute|dollars|euros|pounds|bucks|percent|cents|pm|o'clock|noon|midnight|instead|either|as well|too much|too long|too expensive|anyway|anyways|yet|ago|later|earlier|soon|right away|immediately|at all|online please|at the moment|right now|for me|for you|for that|for it|about it|about that|to me|to you|with me|with you|with it|with that|to it|on it|of it|do it|doing it|it works|working|not working|it doesn't work|does it cost|do that|that one|this one|the first one|the second one|the other one|another one|one please|i don't know|i do not know|don't know|don't remember|i don't understand|i don't want to|i don't want it|don't have it|don't have one|i'd love to|i'd be happy to|i would love to|is fine|is good|is great|is okay|is correct|is wrong|is right|is ready|would be great|would be good|would be nice|would be fine|works for me|sounds good|sounds great|would be better|be there|is broken|is missing|what's wrong|going on|what's going on|log in|sign in|sign up|log on|turn on|turn it on|turn it off|turned off|come in|check in|check out|pick it up|pick up|give up|call back|call me back|call you back|get back|come back|money back|it back|send it back|how are you|who is this|who are you|what is it|what is that|what is this|what's that|what do you mean|what does that mean|what happened|what should i do|can you help|can you help me please|can you repeat that|say that again|repeat that|help|refund|a refund|a discount|a receipt|an invoice|a manager|a human|a person|a real person|an agent|a representative|representative|a supervisor|the manager|the invoice|credit card|debit card|phone number|account number|order number|tracking number|reference number|zip code|email address|customer service|customer support|technical support|password|subscription|more information|more details|some information|the details|the website|an appointment please|work|works|anything|something|nothing|everything|everyone|someone else|somebody else|else|anything else|something else|here|there|over there|alone|away|together|twice|once|difference|possible|available|necessary|ready|done|finished|closed|open|expired|cancelled|canceled|missing|wrong|correct|fine|okay|expensive|cheaper|better|sick|busy|perfect|late|early|it|them|him|us|mine|yours|myself|yourself|or not|or so|or something|and everything|and so on|et cetera|speaking|you're welcome|do you think|don't you think|isn't it|doesn't it|aren't you|right|is that right|is that correct|is that okay|in advance|on time|in person|by email|by phone|by mail|by card|by credit card|in cash|in total|per month|per week|per person|a month|a week|a day|a year|of course|does it take|are you open|are you closed|do you open|do you close|do you deliver|is that all|talking about|worried about|calling about it|you from|it for|where you are|what you think|how it works|how it went|what it is|how much it is|how much is it|how much is that|how much does it cost|how long does it take|two people|four people|people please|tickets|questions|any questions|time|a long time|this time|next time|last time|hear anything|am pm|went through|go through|come through|gone through|went off|is over|never before|is down|are down|went down|was down|sent me|gave me|charged me|owe me|sold me|promised me|billed me|sent us|gave us|charged us|think so|guess so|hope so|believe so|whenever you like|if you like|as you like|whatever you like|a while|a little while|quite a while|moved in|abroad|useful|helpful|excellent|friendly|rude|slow|loud|wonderful|terrible|awful|empty|full up|too small|too big|too slow|too loud|too late|too early|too high",
    ),
    surely: entries(
      "thanks|thank you|thank you very much|thank you so much|thanks a lot|thanks so much|bye|bye bye|goodbye|good night|have a good day|have a nice day|have a great day|that's all|that's it|that is all|that is it|that's everything|that would be all|nothing else|if that's okay|if that's possible|if possible|if you don't mind|as soon as possible|for your help|you too|don't call me again|stop calling me|not interested|no thanks|no thank you|please",
    ),
  },
  frames: [
    { opens: [], at: 'start', until: verbs, closes: 'anywhere', most: 0.45 },
    {
      opens: entries(
        'because|that i|which|who|if|when|whether|cause|so that|unless|until i|although|and i|and my|but i|but my|but the|and the|while i|while we|while my|while the|while you|because my|because the|so i|so my|what|where|how much|how many|how|why',
      ),
      at: 'anywhere',
      until: verbs,
      closes: 'anywhere',
      subjects,
      most: 0.3,
    },
    {
      opens: entries('since'),
      at: 'anywhere',
      until: [
        ...verbs,
        ...entries(
          'this|last|yesterday|today|then|monday|tuesday|wednesday|thursday|friday|saturday|sunday|january|february|march|april|june|july|august|september|october|november|december|christmas|easter|morning|noon|breakfast|lunch|about',
        ),
      ],
      closes: 'anywhere',
      most: 0.3,
    },
    {
      opens: entries('if|when|because|although|once|unless|as soon as|after i|before i|even if|every time'),
      at: 'start',
      until: entries(
        "then|does|did|do|is|are|was|will the|can|can you|can i|could|will|would|what|should|do i|do you|how|it's|i'll|i'd|we'll|that's|let me|please|doesn't|don't|can't|won't|is there|are there|it says|it said|i get|i got|it just|it keeps|nothing",
      ),
      closes: 'anywhere',
      most: 0.3,
    },
    {
      opens: entries(
        'said that|says that|say that|saying that|told me that|tell you that|told us that|think that|thought that|believe that|heard that|noticed that|found that|found out that|know that|mean that|means that|sure that|afraid that|hoping that|hope that|wrote that|promised that|is that the|was that the',
      ),
      at: 'anywhere',
      until: verbs,
      closes: 'anywhere',
      subjects,
      most: 0.1,
    },
    {
      opens: entries("i was wondering|i'm wondering|i wanted to ask|i'd like to ask|i want to ask|i wanted to know"),
      at: 'anywhere',
      until: verbs,
      closes: 'anywhere',
      subjects,
      most: 0.3,
    },
    {
      opens: entries('not only|either|on the one hand|first of all'),
      at: 'anywhere',
      until: entries('but|or|also|second|secondly|then|on the other hand'),
      closes: 'anywhere',
      most: 0.5,
    },
  ],
  gaps: {
    after: entries(
      "what|what's|which|who|whom|where|how much|how long|how many|what time|all|everything|that|anything|something|nothing|one",
    ),
    last: entries(
      'from|for|about|with|in|on|at|take|need|costs|cost|want|wanted|know|to know|do|have|mean|get|got|say|said|send|sent|buy|bought|bring|is|are|it is|like|pay|use|like that|think|live|need to know|want to know|to do|to bring|to say|have to do|need to bring|looking for|interested in|calling about|i want|i need|i wanted to know|i need to know|i have to do|i need to do|to take|to send|i have|you have|you need|you want|you mean|you think',
    ),
  },
  dateHeads: entries(
    'january|february|march|april|may|june|july|august|september|october|november|december|the|next|this|on|half|quarter|half past|quarter past|quarter to',
  ),
  dateTails: entries(
    "morning|afternoon|evening|night|noon|midnight|o'clock|am|pm|a m|p m|monday|tuesday|wednesday|thursday|friday|saturday|sunday|first|second|third|-th|-st|-nd|-rd|today|tomorrow|next week|next month|weekend|anytime|any time|whenever|soon as possible|of january|of february|of march|of april|of may|of june|of july|of august|of september|of october|of november|of december",
  ),
  questions: {
    requests: entries(
      "tell me|give me|can i have|could i have|may i have|can i get|could i get|may i get|can i take|may i take|may i ask|can i ask|let me have|let me get|could you give|can you give|could you tell|can you tell|could you spell|can you spell|would you spell|please spell|spell|could you confirm|can you confirm|please confirm|please provide|could you provide|can you provide|please enter|please say|please tell|please give|please type|please state|please share|could you share|can you share|say or enter|enter|i need your|i'll need your|i will need your|we need your|i just need your|i'll need the|i need the|could you read|can you read|please read|read me|would you tell|would you give|say your|go ahead and tell|go ahead and give|describe|explain|walk me through|repeat|could you repeat|confirm your|verify your|provide your|share your|state your|your name please|please go ahead",
    ),
    invites: entries(
      'tell me about|tell me what|tell me how|tell me more|tell me why|describe|explain|walk me through|go ahead',
    ),
    helps: entries(
      'help you|help|assist you|do for you|happened|bring you|brings you|on your mind|this about|calling about|reason for your call',
    ),
    wh: entries(
      "what|what's|which|when|when's|where|where's|who|who's|whom|whose|why|how|how's|what're|and your|and the name|and what",
    ),
    choices: entries(
      'who|whose|whom|which|which one|how many|how much|how old|how often|how long|what size|what color|what colour|what kind|what type|how likely|how satisfied|on a scale|from one to|from 1 to|between one and|between 1 and|option|options|press|would you rate|do you rate|do you prefer|would you prefer',
    ),
    or: entries('or'),
    notOr: entries(
      'or not|or no|or is there|or anything|or anyone|or something|or so|or do you|or are you|or can i|or would you|or any|or two|or more',
    ),
    yesNoStarts: entries(
      "is|are|was|were|do|does|did|have|has|had|can|could|would|will|shall|should|may|am|isn't|aren't|don't|didn't|doesn't|haven't|hasn't|won't|wouldn't|so you|so is|so are|and is|and are|and do|and did|and have|are you|you",
    ),
    offers: entries(
      'would you like|would you want|would you prefer|would you mind|would you be|do you want|do you need|shall i|shall we|should i|should we|can i|could i|may i|can we|are you interested|is it okay if|is it all right if|are you happy|will you be',
    ),
    confirms: entries(
      "is that right|is that correct|is that okay|right|correct|okay|isn't it|yes or no|does that work|ok",
    ),
    ends: [],
    topics: {
      spelling: entries('spell|spelling|spelled|spelt|letter by letter'),
      email: entries('email|e mail|email address|mail address'),
      phone: entries(
        'phone number|telephone number|mobile number|cell number|cell phone|contact number|callback number|phone|telephone|mobile',
      ),
      digits: entries(
        'phone number|telephone number|mobile number|cell number|contact number|callback number|number|account number|order number|card number|member number|code|pin|passcode|digits|digit|zip|zip code|postcode|postal code|social security|ssn|policy number|reference number|confirmation number|tracking number|last four|serial number|extension',
      ),
      address: entries(
        'address|street|where|where do you live|where are you located|shipping address|delivery address|home address',
      ),
      date: entries(
        'date|date of birth|birthday|born|day|when|what time|which day|what day|time|month|year|when were you born|expiration date|expiry date|appointment for',
      ),
      name: entries(
        "name|full name|first name|last name|surname|who am i speaking|who is this|who's calling|who is calling|who am i talking|whom am i speaking",
      ),
    },
  },
  moves: {
    questions: entries(
      "can you|could you|would you|will you|can i|could i|may i|can we|could we|do you|do i|do we|does it|does the|does that|is there|are there|is it|is that|is this|is the|is my|are you|are the|are your|did you|have you|has it|has my|how do|how does|how can|how could|how is|how's|how much|how many|how long|how far|how often|how late|how soon|how big|what is|what's|what are|what was|what does|what do|what did|what time|what kind|what about|what happens|what happened|what should|what would|what if|when is|when's|when are|when do|when does|when can|when could|when will|where is|where's|where are|where do|where does|where can|which one|which is|which of|who is|who's|who can|who do|who should|why is|why are|why do|why does|why did|why was|why has|why have|should i|should we|shall i|would it|will it|will there|isn't it|don't you|couldn't you|can't you",
    ),
    questionWords: entries(
      'can you|could you|would you|can i|could i|can we|could we|do you have|do you know|is there a|is there any|are there any|how much is|how much does|how long does|how long will|what time|when will|when does|when can',
    ),
    wishes: entries(
      "i need|i'd like|i would like|i want|i wanted|i'd love|we need|we'd like|we would like|we want|please|let me|i have a question|i'm calling to|i'm calling about|i'm looking for|i'd rather|i'd prefer|just|can someone|could someone",
    ),
    links: entries('and|so|but|also|well|okay|ok|yes|yeah|no|please|hi|hello|now|then|oh|right|sorry'),
    stories: entries(
      'i ordered|i bought|i booked|i received|i got|i called|i rang|i sent|i paid|i made|i signed|i spoke|i returned|i was|we ordered|we bought|we booked|we received|we got|we paid|we were|yesterday|last week|last month|last year|last night|the other day|a few days ago|a few weeks ago|a week ago|two weeks ago|some time ago|someone|somebody|your colleague|a colleague|the driver|your driver|the technician|your technician|the courier|the engineer|your engineer',
    ),
    points: entries(
      "not|-n't|never|but|still|no|nobody|nothing|none|wrong|broken|missing|damaged|late|problem|cancel|change|return|refund|because|without|twice|only|instead|too|again|already|double|supposed|cancelled|by mistake|mistake|charged",
    ),
    tags: entries(
      "i think|i guess|i suppose|i believe|i reckon|i'd say|or something|or something like that|or so|to be honest|as far as i know|as far as i remember|if i remember correctly|if i remember right|or whatever",
    ),
    asides: entries('you know|you see'),
    refusals: entries('no|nope|nah'),
    streets: entries(
      'street|road|lane|avenue|drive|close|court|place|square|boulevard|crescent|terrace|way|gardens|grove|parade|highway|st|rd|ave|blvd',
    ),
  },
  numbers: {
    values: {
      zero: 0,
      one: 1,
      two: 2,
      three: 3,
      four: 4,
      five: 5,
      six: 6,
      seven: 7,
      eight: 8,
      nine: 9,
      niner: 9,
      nought: 0,
      naught: 0,
      ten: 10,
      eleven: 11,
      twelve: 12,
      thirteen: 13,
      fourteen: 14,
      fifteen: 15,
      sixteen: 16,
      seventeen: 17,
      eighteen: 18,
      nineteen: 19,
    },
    counting: {},
    soft: entries('oh|o'),
    tens: entries('twenty|thirty|forty|fourty|fifty|sixty|seventy|eighty|ninety'),
    tenMarks: [],
    hundreds: entries('hundred'),
    joiners: entries('and'),
    times: { double: 2, triple: 3, treble: 3 },
    letters: entries(
      'alpha|alfa|bravo|charlie|delta|echo|foxtrot|golf|hotel|india|juliet|juliett|kilo|lima|mike|november|oscar|papa|quebec|romeo|sierra|tango|uniform|victor|whiskey|whisky|xray|x ray|yankee|zulu|zed|zee|double u',
    ),
    asIn: entries('as in|for|like|as'),
    lengthNouns: entries(
      'digit|digits|number pin|letter|letters|character|characters|numbers|digit code|figure|figures',
    ),
    lastWords: entries('last|first|final'),
    lastNouns: entries('of|of your|digits|numbers|letters|characters|on|please'),
    singles: entries(
      'last letter of|last digit of|last character of|first letter of|first digit of|first character of|last letter in|first letter in|last letter on|which letter|what letter|which digit|what digit|single digit',
    ),
    phoneLengths: [10, 11],
  },
  email: {
    at: entries('at|at sign'),
    dot: entries('dot|period|point'),
    joins: entries('underscore|dash|hyphen|dot|at|minus|plus|period'),
  },
}
