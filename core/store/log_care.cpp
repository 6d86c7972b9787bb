#include "core/store/packet_log.h"
#include "core/store/packet_log_impl.h"

#include <rocksdb/sst_file_reader.h>
#include <rocksdb/utilities/checkpoint.h>

// What looking after the log needs: a still picture of it, and the checksums of its files.
namespace mmm::store {

Result<> PacketLog::checkpoint(const std::filesystem::path& folder) const {
  rocksdb::Checkpoint* made = nullptr;
  rocksdb::Status status = rocksdb::Checkpoint::Create(impl_->db.get(), &made);
  const std::unique_ptr<rocksdb::Checkpoint> checkpoint(made);
  // Flushes first: table files are linked, while the write-ahead log has to be copied.
  if (status.ok()) status = checkpoint->CreateCheckpoint(std::filesystem::absolute(folder).string());
  if (!status.ok()) return fail(rocks_error(status, fmt::format("make a picture of the log in {}", folder.string())));
  return {};
}

Result<> PacketLog::verify_files() const {
  // Not DB::VerifyChecksum, which a database that is open read-only must not be asked.
  std::vector<rocksdb::LiveFileMetaData> files;
  impl_->db->GetLiveFilesMetaData(&files);
  for (const rocksdb::LiveFileMetaData& file : files) {
    const std::string path = file.db_path + file.name;
    rocksdb::SstFileReader reader{rocksdb::Options()};
    rocksdb::Status status = reader.Open(path);
    if (status.ok()) status = reader.VerifyChecksum();
    if (!status.ok()) return fail(rocks_error(status, fmt::format("verify {}", path)));
  }
  return {};
}

Result<> PacketLog::each_mark(const EachMark& each) const {
  const std::unique_ptr<rocksdb::Iterator> it(impl_->db->NewIterator({}, impl_->marks));
  for (it->SeekToFirst(); it->Valid(); it->Next()) {
    const std::string_view key = view_of(it->key());
    const std::size_t end = key.find('\0');
    // The family's other keys begin with NUL.
    if (end == 0 || end == std::string_view::npos || it->value().size() != 8) continue;
    each(key.substr(0, end), key.substr(end + 1), load_u64_be(view_of(it->value())));
  }
  return it->status().ok() ? Result<>{} : fail(rocks_error(it->status(), "read the packet log's marks"));
}

Result<LogId> PacketLog::trimmed() const {
  auto value = impl_->number(kTrimmedKey);
  if (!value) return fail(std::move(value).error());
  return value->value_or(0);
}

}  // namespace mmm::store
