#include "extension/tally.h"

namespace steward {
namespace {

// Whose its rows are, and what tells them apart.
struct Catalog {
  Oid id;
  AttrNumber relation;
  AttrNumber key;
  AttrNumber second_key;  // 0: none
};

constexpr Catalog catalogs[] = {
    {RelationRelationId, Anum_pg_class_oid, Anum_pg_class_oid, 0},
    {AttributeRelationId, Anum_pg_attribute_attrelid, Anum_pg_attribute_attnum, 0},
    {IndexRelationId, Anum_pg_index_indrelid, Anum_pg_index_indexrelid, 0},
    {AttrDefaultRelationId, Anum_pg_attrdef_adrelid, Anum_pg_attrdef_oid, 0},
    {InheritsRelationId, Anum_pg_inherits_inhrelid, Anum_pg_inherits_inhrelid,
     Anum_pg_inherits_inhparent},
    {TriggerRelationId, Anum_pg_trigger_tgrelid, Anum_pg_trigger_oid, 0},
    {PolicyRelationId, Anum_pg_policy_polrelid, Anum_pg_policy_oid, 0},
    {RewriteRelationId, Anum_pg_rewrite_ev_class, Anum_pg_rewrite_oid, 0},
    {SequenceRelationId, Anum_pg_sequence_seqrelid, Anum_pg_sequence_seqrelid, 0},
    {ForeignTableRelationId, Anum_pg_foreign_table_ftrelid, Anum_pg_foreign_table_ftrelid, 0},
    {ConstraintRelationId, Anum_pg_constraint_conrelid, Anum_pg_constraint_oid, 0},
};

struct Address {
  Oid class_id;
  Oid object_id;
  bool operator==(const Address&) const = default;
};

struct AddressHash {
  std::size_t operator()(const Address& address) const noexcept {
    return (static_cast<std::size_t>(address.class_id) << 32) | address.object_id;
  }
};

Oid oid_in(HeapTuple row, AttrNumber attribute, TupleDesc shape) {
  bool null = false;
  const Datum value = heap_getattr(row, attribute, shape, &null);
  return null ? InvalidOid : DatumGetObjectId(value);
}

// What becomes another with each change of a row, and with nothing else.
std::uint64_t version_of(Oid catalog, HeapTuple row, std::uint32_t key, std::uint32_t second) {
  const std::uint32_t parts[] = {catalog, key, second, HeapTupleHeaderGetRawXmin(row->t_data),
                                 HeapTupleHeaderGetRawCommandId(row->t_data)};
  return hash_bytes_extended(reinterpret_cast<const unsigned char*>(parts), sizeof parts, 0);
}

class Tally {
 public:
  explicit Tally(std::vector<Oid> schemas) : schemas_(std::move(schemas)) {}
  void read();
  void give(FunctionCallInfo fcinfo) const;

 private:
  // visit(row, shape) for each row of the catalog; it may make nothing with a destructor.
  template <class Visit>
  static void each_row(Oid catalog, Visit visit);
  void read_indexes();
  void read_relations();
  void read_comments();
  void read_catalog(const Catalog& catalog);
  void count(Oid relation, std::uint64_t version);

  std::vector<Oid> schemas_;
  std::unordered_map<Oid, Oid> table_of_;                             // by index
  std::unordered_map<Oid, std::uint64_t*> sum_of_;                    // by relation
  std::unordered_map<Address, std::uint64_t, AddressHash> sums_;      // by object
  std::unordered_map<Address, std::uint64_t, AddressHash> comments_;  // on parts of relations
};

template <class Visit>
void Tally::each_row(Oid catalog, Visit visit) {
  call([&] {
    const Relation relation = table_open(catalog, AccessShareLock);
    const SysScanDesc scan =
        systable_beginscan(relation, InvalidOid, false, GetActiveSnapshot(), 0, nullptr);
    while (const HeapTuple row = systable_getnext(scan)) visit(row, RelationGetDescr(relation));
    systable_endscan(scan);
    table_close(relation, AccessShareLock);
  });
}

void Tally::count(Oid relation, std::uint64_t version) {
  const auto found = sum_of_.find(relation);
  if (found != sum_of_.end()) *found->second ^= version;
}

void Tally::read_indexes() {
  each_row(IndexRelationId, [&](HeapTuple row, TupleDesc) {
    const auto* index = reinterpret_cast<Form_pg_index>(GETSTRUCT(row));
    table_of_.emplace(index->indexrelid, index->indrelid);
  });
}

void Tally::read_relations() {
  each_row(RelationRelationId, [&](HeapTuple row, TupleDesc) {
    const auto* form = reinterpret_cast<Form_pg_class>(GETSTRUCT(row));
    if (std::find(schemas_.begin(), schemas_.end(), form->relnamespace) == schemas_.end()) return;
    const auto table = table_of_.find(form->oid);
    const Address object =
        form->relkind == RELKIND_COMPOSITE_TYPE
            ? Address{TypeRelationId, form->reltype}
            : Address{RelationRelationId, table == table_of_.end() ? form->oid : table->second};
    sum_of_.emplace(form->oid, &sums_[object]);  // the map's elements stay where they are
  });
}

// A comment on a part is the relation's whose part it is, which the part's own row says.
void Tally::read_comments() {
  each_row(DescriptionRelationId, [&](HeapTuple row, TupleDesc) {
    const auto* form = reinterpret_cast<Form_pg_description>(GETSTRUCT(row));
    const std::uint64_t version =
        version_of(DescriptionRelationId, row, form->objoid, form->objsubid);
    if (form->classoid == RelationRelationId)
      count(form->objoid, version);
    else if (form->objoid >= FirstNormalObjectId)
      comments_[{form->classoid, form->objoid}] ^= version;
  });
}

void Tally::read_catalog(const Catalog& catalog) {
  each_row(catalog.id, [&](HeapTuple row, TupleDesc shape) {
    const Oid relation = oid_in(row, catalog.relation, shape);
    if (relation < FirstNormalObjectId) return;
    if (catalog.id == TriggerRelationId &&
        reinterpret_cast<Form_pg_trigger>(GETSTRUCT(row))->tgisinternal)
      return;
    const Oid key = oid_in(row, catalog.key, shape);
    const Oid second = catalog.second_key == 0 ? relation : oid_in(row, catalog.second_key, shape);
    count(relation, version_of(catalog.id, row, key, second));
    if (const auto said = comments_.find({catalog.id, key}); said != comments_.end())
      count(relation, said->second);
  });
}

void Tally::read() {
  read_indexes();
  read_relations();
  read_comments();
  for (const Catalog& catalog : catalogs) read_catalog(catalog);
}

void Tally::give(FunctionCallInfo fcinfo) const {
  call([&] {
    InitMaterializedSRF(fcinfo, 0);
    auto* result = reinterpret_cast<ReturnSetInfo*>(fcinfo->resultinfo);
    for (const auto& [object, sum] : sums_) {
      Datum values[] = {ObjectIdGetDatum(object.class_id), ObjectIdGetDatum(object.object_id),
                        Int64GetDatum(static_cast<std::int64_t>(sum))};
      bool nulls[] = {false, false, false};
      tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
    }
  });
}

std::vector<Oid> oids_in(ArrayType* array) {
  Datum* elements = nullptr;
  int count = 0;
  call([&] {
    deconstruct_array(array, OIDOID, sizeof(Oid), true, TYPALIGN_INT, &elements, nullptr, &count);
  });
  std::vector<Oid> oids;
  for (int at = 0; at < count; ++at) oids.push_back(DatumGetObjectId(elements[at]));
  return oids;
}

}  // namespace
}  // namespace steward

STEWARD_FUNCTION(steward_relation_tallies) {
  ArrayType* schemas = steward::call([&] { return PG_GETARG_ARRAYTYPE_P(0); });
  steward::Tally tally(steward::oids_in(schemas));
  tally.read();
  tally.give(fcinfo);
  return Datum{0};
}
