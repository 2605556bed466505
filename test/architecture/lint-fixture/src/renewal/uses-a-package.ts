import { z } from 'zod';

export const forbidden = z;
