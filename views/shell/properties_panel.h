// What is selected, in words: a node with its values and attributes, or a module with its methods
// and tensors.
#pragma once

#include "views/model/document_model.h"
#include "views/model/selection.h"
#include "views/shell/time_description.h"

#include <QWidget>

#include <memory>

class QLabel;
class QTreeWidget;

namespace jitscope::views {

class PropertiesPanel : public QWidget
{
    Q_OBJECT

public:
    // Object name "propertiesPanel"; within it "propertyTree".
    PropertiesPanel(DocumentModel& document, Selection& selection, QWidget* parent = nullptr);

    // Of the shown run; null when none is shown or it is not read yet.
    void setTimes(std::shared_ptr<const timeline::RunTimes> times);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void update();
    void fitNames();
    void describe(const document::NodeRef& ref);
    void describeSelectedModule();
    [[nodiscard]] DescriptionSection describeNumber() const; // of nodes; empty for one
    [[nodiscard]] DescriptionSection timeOf(const document::NodeRef& ref) const;
    void showWithTime(Description description, DescriptionSection time);
    void show(const Description& description);
    [[nodiscard]] std::int64_t graphOf(const document::NodeRef& ref) const;

    DocumentModel& m_document;
    Selection& m_selection;
    QLabel* m_empty;
    QTreeWidget* m_tree;
    std::shared_ptr<const timeline::RunTimes> m_times;
    int m_request = 0; // an answer for an earlier selection is thrown away
};

} // namespace jitscope::views
