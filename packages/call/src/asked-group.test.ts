import { applicationId, type SkillGroup } from '@parley/core'
import { expect, test } from 'vitest'
import { sampleGroup } from '../test/sample-group.ts'
import { askedGroup } from './asked-group.ts'

const [own, other] = [applicationId(1), applicationId(2)]
const shared: SkillGroup = {
  ...sampleGroup,
  targets: sampleGroup.targets.flatMap((target) => [target, { ...target, applicationId: other }]),
}

test('a group rings the targets that serve every application, and those of its own', () => {
  expect(askedGroup([shared], shared.id, other).targets).toEqual(shared.targets)
  expect(askedGroup([shared], shared.id, own).targets).toEqual(sampleGroup.targets)
})

test('a group that is not there has nobody in it', () => {
  expect(askedGroup([shared], shared.id + 1, own).targets).toEqual([])
  expect(askedGroup([shared], undefined, own).targets).toEqual([])
})
