import { serve } from './cypher.mjs';

serve('kuzu');
