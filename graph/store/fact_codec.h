#ifndef GUANXI_GRAPH_STORE_FACT_CODEC_H_
#define GUANXI_GRAPH_STORE_FACT_CODEC_H_

#include <string>

#include "graph/model/fact.h"
#include "graph/store/record.h"
#include "graph/value/codec.h"

namespace guanxi::store {

// A map of names to values: a count, then each name and value.
void PutMap(const Map& map, std::string* out);
Map ReadMap(ByteReader& reader);

// A fact key without its kind and name.
void PutFactKeyTail(const FactKey& key, std::string* out);
void ReadFactKeyTail(ByteReader& reader, FactKey& key);

// The whole fact key, name as text: for claims and their identity.
void PutFactKey(const FactKey& key, std::string* out);
FactKey ReadFactKey(ByteReader& reader);

// One fact of a record without its kind and name.
void PutFact(const RecordFact& fact, std::string* out);
void ReadFact(ByteReader& reader, RecordFact& fact);

// The same, if one claim alone is shown of the fact. False: what was read and
// is in `fact` means nothing.
bool ReadSoleFact(ByteReader& reader, SoleFact& fact);

}  // namespace guanxi::store

#endif  // GUANXI_GRAPH_STORE_FACT_CODEC_H_
