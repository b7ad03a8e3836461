#include "core/archive/flat_layout.h"

#include "core/archive/flat_file_p.h"
#include "core/archive/text_budget_p.h"

#include <algorithm>

namespace jitscope::archive {

namespace {

FlatLayout layoutOf(const FlatModule& module)
{
    FlatLayout layout;
    TextBudget texts = TextBudget::ofFlat(module.bytes().size());
    if (const auto* sources = module.root().sources()) {
        for (const flat::File* source : *sources) {
            layout.code.push_back(
                {codeRecord(textOf(source->name())), texts.take(textOf(source->content()))});
        }
    }
    std::sort(layout.code.begin(), layout.code.end(),
              [](const FlatCode& a, const FlatCode& b) { return a.record < b.record; });
    for (const flat::Class* type : *module.root().classes())
        layout.runsBytecode |= type->form() == flat::ClassForm::WithSetState;
    const auto* const begin = reinterpret_cast<const std::uint8_t*>(module.bytes().data());
    if (const auto* storages = module.root().storages()) {
        for (std::uint32_t i = 0; i < storages->size(); ++i) {
            const auto& data = *storages->Get(i)->data();
            layout.storages.push_back(
                {storageRecord(i), static_cast<std::uint64_t>(data.Data() - begin), data.size()});
        }
    }
    std::sort(layout.storages.begin(), layout.storages.end(),
              [](const FlatStorage& a, const FlatStorage& b) { return a.position < b.position; });
    return layout;
}

} // namespace

Result<std::optional<FlatLayout>> readFlatLayout(const std::filesystem::path& file)
{
    if (!isFlatFile(file))
        return std::nullopt;
    const Result<FlatFile> opened = FlatFile::open(file);
    if (!opened)
        return tl::unexpected(opened.error());
    return layoutOf(opened->module());
}

} // namespace jitscope::archive
