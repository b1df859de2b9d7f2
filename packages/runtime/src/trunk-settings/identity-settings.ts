import { z } from 'zod'
import { headerText, phoneNumber, userPart } from './sip-text.ts'

/** Headers that the engine writes itself, or that would steer a message elsewhere. @see RFC 3261 section 20 */
const reserved = new Set(
  [
    'accept accept-encoding accept-language accept-contact alert-info allow allow-events authentication-info authorization',
    'call-id call-info contact content-disposition content-encoding content-language content-length content-type cseq date',
    'diversion error-info event expires from geolocation history-info identity in-reply-to join max-forwards',
    'mime-version min-expires min-se organization p-asserted-identity p-called-party-id p-preferred-identity path privacy',
    'proxy-authenticate proxy-authorization proxy-require rack reason record-route recv-info refer-to referred-by',
    'reject-contact remote-party-id replaces reply-to request-disposition require retry-after route rseq server',
    'service-route session-expires sip-etag sip-if-match subscription-state supported target-dialog timestamp to',
    'unsupported user-agent via warning www-authenticate',
    // Their compact forms, IANA registry of SIP header fields.
    'a b c d e f i j k l m n o r s t u v x y',
  ].flatMap((line) => line.split(' ')),
)

const header = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z0-9.!%*_+`'~-]{1,64}$/, 'must be the name of a header')
    .refine((name) => !reserved.has(name.toLowerCase()), 'is a header that the engine writes itself'),
  value: headerText.refine(
    (value) => !/\{\{(?!(caller|callee)\}\})/.test(value),
    'knows no placeholders but {{caller}} and {{callee}}',
  ),
})

/** Keys of a trunk that say who is calling, and further headers. */
export const identitySettings = {
  identity: z
    .strictObject({
      fromUser: z
        .union([z.enum(['number', 'account']), z.strictObject({ fixed: userPart })], {
          error: 'must be number, account or { fixed: user }',
        })
        .exactOptional(),
      displayName: headerText.exactOptional(),
      asserted: z.enum(['sip', 'tel', 'both']).exactOptional(),
      assertedNumber: phoneNumber.exactOptional(),
      preferred: z.enum(['sip', 'tel']).exactOptional(),
      remoteParty: z.boolean('must be true or false').exactOptional(),
      privacy: z.enum(['none', 'id']).exactOptional(),
      diversion: phoneNumber.exactOptional(),
      historyInfo: phoneNumber.exactOptional(),
    })
    .superRefine((identity, context) => {
      if (identity.privacy === 'id' && !identity.asserted && !identity.preferred) {
        context.addIssue({
          code: 'custom',
          path: ['privacy'],
          message: 'id needs asserted or preferred: without them nobody would know who calls',
        })
      }
    })
    .exactOptional(),
  headers: z.array(header).max(20, 'must have at most 20 entries').exactOptional(),
}
