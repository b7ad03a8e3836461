// A line and a list over the window: everything that can be done, found by a few letters. Arrows
// move, Enter does it, Esc and a click elsewhere close it. UI thread only.
#pragma once

#include "views/palette/palette_item.h"
#include "views/palette/palette_model.h"

#include <QFrame>
#include <QPointer>
#include <QStringList>

#include <vector>

class QLabel;
class QLineEdit;
class QListView;

namespace jitscope::views {

class CommandPalette : public QFrame
{
    Q_OBJECT

public:
    // Object name "commandPalette"; within it "paletteText", "paletteList", "paletteHelp". It lies
    // over `window`, hidden at first.
    CommandPalette(std::vector<PaletteSource> sources, QWidget& window);

    // With what is shown for the text; asks the sources anew.
    void open(const QString& text = {});

    // The ids of what was used, the last one first.
    [[nodiscard]] QStringList recent() const { return m_recent; }
    void setRecent(const QStringList& recent);

Q_SIGNALS:
    void recentChanged(const QStringList& recent);
    void closed(); // the keyboard is where it was before

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void update();
    void place();
    void close();
    void choose(const QModelIndex& index);
    [[nodiscard]] const PaletteSource& source(const QString& text) const;

    std::vector<PaletteSource> m_sources;
    QWidget& m_window;
    QStringList m_recent;
    PaletteModel m_model;
    QLineEdit* m_text;
    QListView* m_list;
    QLabel* m_help;
    QPointer<QWidget> m_before; // had the keyboard
};

} // namespace jitscope::views
