// The stages of the document, the passes that can be applied to the current one, and what the last
// one changed. Asks for work with signals; whoever has the engine does it. UI thread only.
#pragma once

#include "core/protocol/messages.h"
#include "views/model/document_model.h"

#include <QWidget>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace jitscope::views {

class PassesPanel : public QWidget
{
    Q_OBJECT

public:
    // Object name "passesPanel"; within it "stageTree", "passFilter", "passList", "passArguments",
    // "applyPass", "kindsTitle", "differenceTable".
    explicit PassesPanel(DocumentModel& document, QWidget* parent = nullptr);
    ~PassesPanel() override;

    void setPasses(const std::vector<protocol::PassDescription>& passes);
    // No pass can be applied while the engine works.
    void setBusy(bool busy);

Q_SIGNALS:
    // `arguments` by name; those that are not there have their default values.
    void applyRequested(const QString& pass, const std::map<std::string, std::string>& arguments);

private:
    class Implementation;
    std::unique_ptr<Implementation> m_implementation;
};

} // namespace jitscope::views
