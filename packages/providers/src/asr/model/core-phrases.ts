import { numberWords, ordinalWords } from './spoken-words.ts'

/** A sentence in spoken words and how often it is taken to occur. */
export interface WeightedSentence {
  readonly words: readonly string[]
  readonly weight: number
}

const everyday = `
yes|yes please|yes i am|yes it is|yes that's right|yes that is correct|yeah|yep|sure|of course|okay|ok|all right|right
no|no thanks|no thank you|nope|not really|no that's wrong|that is not right|not now|no i don't|no i am not
hello|hi|hey|hello there|hi there|good morning|good afternoon|good evening|how are you|i am fine thanks
thanks|thank you|thank you very much|thanks a lot|that's all|that is all|nothing else|no that's all thank you
bye|goodbye|bye bye|have a nice day|see you|talk to you later
sorry|excuse me|pardon|can you repeat that|please repeat that|say that again|i don't understand|what did you say
i didn't catch that|could you speak slower|wait a moment|one moment please|hold on|just a second|stop|cancel
speak to a human|i want to speak to a human|can i talk to a person|talk to an agent|an operator please|operator|agent
i would like to speak to someone|transfer me|connect me to an agent please|customer service|representative
who is this|who is calling|who are you|why are you calling|where are you calling from|what is this about|wrong number
call me back|call me later|i am busy|i am driving|i can't talk now|do not call me again|not interested
i would like to|i want to|i need to|i need|can you help me|can i|do you have|how much is it|how much|when|where|what time
what time is it|my name is|my number is|my phone number is|the number is|it is|it's|i think so|i don't know|maybe
today|tomorrow|tonight|next week|this week|next month|on the weekend|in the morning|in the afternoon|in the evening
tomorrow morning|tomorrow afternoon|any time|as soon as possible|earlier|later|half past|quarter past|quarter to|noon
for tomorrow|for today|for monday|for two people|for the morning|with my|with the|to the|about my|this is|of the|in the|and
that works|that sounds good|sounds great|perfect|great|good|fine|correct|exactly|go ahead|i agree|uh|um`

const weekdays = 'monday tuesday wednesday thursday friday saturday sunday'.split(' ')
const months = 'january february march april may june july august september october november december'.split(' ')
const digits = 'zero oh one two three four five six seven eight nine'.split(' ')

/** What any caller may say to any assistant: answers, courtesies, digits, numbers, dates and times. */
export function corePhrases(): WeightedSentence[] {
  const sentences: WeightedSentence[] = []
  const add = (text: string, weight: number) => sentences.push({ words: text.split(' '), weight })
  for (const line of everyday.trim().split('\n')) for (const phrase of line.split('|')) add(phrase, 2)
  for (const phrase of ['yes', 'no', 'hello', 'thank you', 'goodbye', 'okay', 'no thank you', 'yes please'])
    add(phrase, 4)
  for (const first of digits) {
    add(first, 0.3)
    for (const second of digits) add(`${first} ${second} ${first}`, 0.05)
  }
  for (let value = 10; value < 60; value += 1) add(numberWords(value).join(' '), 0.05)
  add('one hundred', 0.2)
  add('two thousand', 0.1)
  for (const day of weekdays) {
    add(day, 0.3)
    add(`on ${day}`, 0.3)
    add(`next ${day}`, 0.1)
    add(`${day} morning`, 0.1)
    add(`${day} afternoon`, 0.1)
  }
  for (const month of months) {
    add(month, 0.1)
    for (const day of ordinalDays) add(`${month} ${day}`, 0.01)
    for (const day of ordinalDays) add(`the ${day} of ${month}`, 0.01)
  }
  for (let hour = 1; hour <= 12; hour += 1) {
    const name = numberWords(hour).join(' ')
    for (const form of ["o'clock", 'thirty', 'fifteen', 'forty five', 'a.m.', 'p.m.']) add(`${name} ${form}`, 0.1)
    add(`at ${name}`, 0.2)
    add(`half past ${name}`, 0.05)
  }
  return sentences
}

const ordinalDays = Array.from({ length: 31 }, (_, index) => ordinalWords(index + 1).join(' '))
