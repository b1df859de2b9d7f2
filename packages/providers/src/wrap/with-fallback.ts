import type { ChatModel } from '@parley/core'

/**
 * Asks the models in order until one gives a first delta. A model that fails after its first delta ends the reply with
 * its error. When all fail, the error is that of the last.
 */
export function withFallback(models: readonly [ChatModel, ...ChatModel[]]): ChatModel {
  return {
    name: models.map((model) => model.name).join('>'),
    async *reply(messages, options, signal) {
      for (const [at, model] of models.entries()) {
        let begun = false
        try {
          for await (const delta of model.reply(messages, options, signal)) {
            begun = true
            yield delta
          }
          return
        } catch (error) {
          signal.throwIfAborted()
          if (begun || at === models.length - 1) throw error
        }
      }
    },
    async prewarm() {
      await Promise.all(models.map((model) => model.prewarm?.()))
    },
  }
}
