// A table of which a user chooses rows: dense, without a grid. UI thread only.
#pragma once

class QTableView;

namespace jitscope::views {

void showAsRows(QTableView& table);

} // namespace jitscope::views
