import { z } from 'zod'
import { invalidValue } from '../answer/parameter-errors.ts'
import { assertModelUrl } from '../assistant/model-url.ts'
import { phoneNumber } from '../assistant/phone-number.ts'
import { sdkAppId, text } from '../parameters/fields.ts'
import { defineAction } from './action.ts'
import { notANumber } from './own-number-actions.ts'

const path = 'CallInInterface.URL'

/**
 * Lets a server of the application say who takes the calls to a number. What it is asked and may answer is not public of the
 * original service; here it is `docs/call-in.md`.
 */
export const bindNumberCallInInterface = defineAction({
  name: 'BindNumberCallInInterface',
  parameters: z.object({
    SdkAppId: sdkAppId(),
    Number: phoneNumber(),
    CallInInterface: z.object({ URL: text().max(2_000).optional() }).optional(),
    NumberType: text().optional(),
  }),
  async run({ Number: number, CallInInterface, NumberType = 'number' }, context) {
    if (NumberType !== 'number' && NumberType !== '') {
      throw invalidValue('NumberType', { en: 'must be `number`: there are no internal numbers', zh: '仅支持 `number`' })
    }
    const url = CallInInterface?.URL || undefined
    if (url !== undefined) assertModelUrl(path, url, context.allowPrivateUrls)
    if (!(await context.registry.bindCallIn(context.applicationId, number, url))) throw notANumber('Number')
    return {}
  },
})
