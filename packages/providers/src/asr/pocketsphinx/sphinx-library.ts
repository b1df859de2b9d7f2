import { existsSync } from 'node:fs'
import { join } from 'node:path'
import koffi from 'koffi'

const modelDir = '/usr/share/pocketsphinx/model/en-us'

/** Where Debian puts the English model. */
export const sphinxModel = {
  acousticDir: join(modelDir, 'en-us'),
  dictionaryPath: join(modelDir, 'cmudict-en-us.dict'),
  featuresPath: join(modelDir, 'en-us', 'feat.params'),
} as const

/** The engine is not installed. The message says what to install. */
export class SphinxMissing extends Error {
  override readonly name = 'SphinxMissing'
}

/** An opaque pointer of the C library. */
export type SphinxPointer = unknown

/** The functions of PocketSphinx that are used here, bound once per thread. Each blocks its thread. */
export interface SphinxLibrary {
  readonly openDecoder: (flags: readonly string[]) => SphinxPointer
  readonly closeDecoder: (decoder: SphinxPointer) => void
  readonly startUtterance: (decoder: SphinxPointer) => number
  readonly endUtterance: (decoder: SphinxPointer) => number
  /** `samples`: `Int16` mono 16 kHz, borrowed until return. */
  readonly process: (decoder: SphinxPointer, samples: Int16Array) => number
  readonly hypothesis: (decoder: SphinxPointer) => string | null
  /** Posterior of the best path, 0..1. */
  readonly posterior: (decoder: SphinxPointer) => number
}

/** @throws SphinxMissing when libraries or the English model are not there. */
export function loadSphinx(): SphinxLibrary {
  const install = 'install the Debian packages libpocketsphinx3 and pocketsphinx-en-us'
  if (!existsSync(sphinxModel.dictionaryPath)) throw new SphinxMissing(`the English model is missing, ${install}`)
  let base: koffi.IKoffiLib
  let sphinx: koffi.IKoffiLib
  try {
    base = koffi.load('libsphinxbase.so.3')
    sphinx = koffi.load('libpocketsphinx.so.3')
  } catch {
    throw new SphinxMissing(`the PocketSphinx library is missing, ${install}`)
  }
  base.func('int err_set_logfile(const char *path)')('/dev/null')
  return bind(base, sphinx)
}

function bind(base: koffi.IKoffiLib, sphinx: koffi.IKoffiLib): SphinxLibrary {
  const argumentTable = sphinx.func('void *ps_args()')
  const parse = base.func(
    'void *cmd_ln_parse_r(void *into, void *table, int32_t argc, const char **argv, int32_t strict)',
  )
  const freeConfig = base.func('int cmd_ln_free_r(void *config)')
  const init = sphinx.func('void *ps_init(void *config)')
  const free = sphinx.func('int ps_free(void *decoder)')
  const processRaw = sphinx.func('int ps_process_raw(void *d, const int16_t *data, size_t n, int noSearch, int full)')
  const getHypothesis = sphinx.func('const char *ps_get_hyp(void *decoder, _Out_ int32_t *score)')
  const getProbability = sphinx.func('int32_t ps_get_prob(void *decoder)')
  const getLogMath = sphinx.func('void *ps_get_logmath(void *decoder)')
  const exp = base.func('double logmath_exp(void *logmath, int value)')
  return {
    openDecoder(flags) {
      const argv = ['parley', ...flags]
      const config = parse(null, argumentTable(), argv.length, argv, 1)
      if (!config) throw new Error('PocketSphinx does not take its settings')
      const decoder = init(config)
      freeConfig(config)
      if (!decoder) throw new Error('PocketSphinx could not load the model')
      return decoder
    },
    closeDecoder: (decoder) => void free(decoder),
    startUtterance: sphinx.func('int ps_start_utt(void *decoder)'),
    endUtterance: sphinx.func('int ps_end_utt(void *decoder)'),
    process: (decoder, samples) => processRaw(decoder, samples, samples.length, 0, 0),
    hypothesis: (decoder) => getHypothesis(decoder, [0]),
    posterior: (decoder) => exp(getLogMath(decoder), getProbability(decoder)),
  }
}
