// Which tensors are shown, and in which order. Private to views/weights.
#pragma once

#include <QSortFilterProxyModel>
#include <QStringList>

namespace jitscope::views {

class TensorFilter : public QSortFilterProxyModel
{
    Q_OBJECT

public:
    explicit TensorFilter(QObject* parent = nullptr);

    // All of these words in name, role, type or shape.
    void setText(const QString& text);
    // Only tensors of this role; empty for all.
    void setRole(const QString& role);
    // Only tensors with something to look at (TensorMark).
    void setMarkedOnly(bool only);
    // Only tensors of this instance and those below it.
    void setModule(const QString& path);
    void clearModule();

protected:
    [[nodiscard]] bool filterAcceptsRow(int row, const QModelIndex& parent) const override;

private:
    QStringList m_words;
    QString m_role;
    bool m_markedOnly = false;
    bool m_hasModule = false;
    QString m_module;
};

} // namespace jitscope::views
