import { parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/max';
import type { Reader } from './list-format.ts';
import { problem, value } from './read-text.ts';

/** A phone number as E.164; without a country code it belongs to the list's region. */
export function phone(region: CountryCode): Reader<string> {
  return (cell) => {
    const number = parsePhoneNumberFromString(cell, region);
    return number?.isValid() ? value(number.number) : problem('is no phone number');
  };
}
