import { serve } from './cypher.mjs';

serve('@ladybugdb/core');
