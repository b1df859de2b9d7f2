interface Unit {
  readonly en: readonly [one: string, many: string]
  readonly zh: string
}

const unit = (one: string, zh: string, many = `${one}s`): Unit => ({ en: [one, many], zh })

/** Symbols after a number. Those a voice in Chinese says letter by letter (GB) stay as they are. */
const table: Readonly<Record<string, Unit>> = {
  'km/h': unit('kilometer per hour', '公里每小时', 'kilometers per hour'),
  'm/s': unit('meter per second', '米每秒', 'meters per second'),
  mph: unit('mile per hour', '英里每小时', 'miles per hour'),
  'km²': unit('square kilometer', '平方公里'),
  'm²': unit('square meter', '平方米'),
  'm³': unit('cubic meter', '立方米'),
  'cm²': unit('square centimeter', '平方厘米'),
  km: unit('kilometer', '公里'),
  cm: unit('centimeter', '厘米'),
  mm: unit('millimeter', '毫米'),
  m: unit('meter', '米'),
  mi: unit('mile', '英里'),
  ft: unit('foot', '英尺', 'feet'),
  yd: unit('yard', '码'),
  kg: unit('kilogram', '公斤'),
  mg: unit('milligram', '毫克'),
  g: unit('gram', '克'),
  lb: unit('pound', '磅'),
  lbs: unit('pound', '磅'),
  oz: unit('ounce', '盎司'),
  ml: unit('milliliter', '毫升'),
  mL: unit('milliliter', '毫升'),
  L: unit('liter', '升'),
  l: unit('liter', '升'),
  '°C': unit('degree Celsius', '摄氏度', 'degrees Celsius'),
  '℃': unit('degree Celsius', '摄氏度', 'degrees Celsius'),
  '°F': unit('degree Fahrenheit', '华氏度', 'degrees Fahrenheit'),
  '℉': unit('degree Fahrenheit', '华氏度', 'degrees Fahrenheit'),
  '°': unit('degree', '度'),
  TB: unit('terabyte', 'TB'),
  GB: unit('gigabyte', 'GB'),
  MB: unit('megabyte', 'MB'),
  KB: unit('kilobyte', 'KB'),
  kB: unit('kilobyte', 'KB'),
  Gbps: unit('gigabit per second', 'Gbps', 'gigabits per second'),
  Mbps: unit('megabit per second', 'Mbps', 'megabits per second'),
  kbps: unit('kilobit per second', 'kbps', 'kilobits per second'),
  GHz: unit('gigahertz', '吉赫兹', 'gigahertz'),
  MHz: unit('megahertz', '兆赫兹', 'megahertz'),
  kHz: unit('kilohertz', '千赫兹', 'kilohertz'),
  Hz: unit('hertz', '赫兹', 'hertz'),
  kWh: unit('kilowatt hour', '千瓦时'),
  kW: unit('kilowatt', '千瓦'),
  W: unit('watt', '瓦'),
  V: unit('volt', '伏'),
  mAh: unit('milliamp hour', '毫安时'),
  dB: unit('decibel', '分贝'),
  px: unit('pixel', '像素'),
  ms: unit('millisecond', '毫秒'),
  hr: unit('hour', '小时'),
  hrs: unit('hour', '小时'),
  h: unit('hour', '小时'),
  min: unit('minute', '分钟'),
  mins: unit('minute', '分钟'),
  sec: unit('second', '秒'),
  secs: unit('second', '秒'),
  s: unit('second', '秒'),
  '%': unit('percent', '%', 'percent'),
  '％': unit('percent', '%', 'percent'),
  '‰': unit('per mille', '‰', 'per mille'),
}

export const unitSymbols: readonly string[] = Object.keys(table)

/** The symbols as a pattern, the longer ones first. */
export const unitPattern: string = [...unitSymbols].sort((a, b) => b.length - a.length).join('|')

export const unitOf = (symbol: string): Unit | undefined => table[symbol]
