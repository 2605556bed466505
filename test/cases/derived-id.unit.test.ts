import { expect, test } from 'vitest';
import { deriveId } from '../../src/cases/derived-id.ts';

test('an id derived from a name is the version 5 UUID of the standard', () => {
  const namespaceOfDomainNames = '6ba7b810-9dad-11d1-80b4-00c04fd430c8';
  expect(deriveId(namespaceOfDomainNames, 'www.example.com')).toBe('2ed6657d-e927-568b-95e1-2665a8aea6a2');
});
