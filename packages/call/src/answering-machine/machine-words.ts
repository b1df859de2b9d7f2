/** What machines ask for and people do not, by language. */
const machineWords: readonly RegExp[] = [
  /\bafter the (tone|beep)\b|\bat the (tone|beep)\b/,
  /\b(please )?leave (me |us )?(a|your) (message|name)\b.*\b(and|after|at|i'?ll|we'?ll|number)\b/,
  /\breached the (voice ?mail|mailbox)\b|\bvoice ?mail (box|of|for|system)\b|\bmailbox is full\b|\bnot available to take your call\b/,
  /\bcan'?t (come to|take|answer) (the|your) (phone|call) right now\b/,
  /(滴|嘀|哔|提示音)声?(之)?后.{0,4}(留言|说话)|语音信箱|请(您)?留言|稍后(再)?拨.*留言/,
  /\bdeje su mensaje\b|\bdespués de la señal\b|\bbuzón de voz\b/,
  /\bnach dem (signal|piep)?ton\b|\bmailbox von\b/,
  /\blaissez (un|votre) message\b|\baprès le (bip|signal)\b|\bmessagerie vocale\b/,
  /\bdeixe (a sua|sua|um)? ?mensagem\b|\bapós o (sinal|bip)\b|\bcaixa postal\b/,
  /発信音の(あと|後)|留守番電話|음성사서함|삐 소리/,
]

/** Does a person's line in the first seconds read like the text of an answering machine? */
export const soundsLikeMachine = (text: string): boolean => {
  const spoken = text.toLowerCase()
  return machineWords.some((pattern) => pattern.test(spoken))
}
