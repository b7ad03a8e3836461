// Asks how to run: inputs, device, iterations, mode, and whether to see shapes.
#pragma once

#include "core/protocol/messages.h"

#include <QDialog>
#include <QStringList>

class QCheckBox;
class QComboBox;
class QLineEdit;
class QSpinBox;

namespace jitscope::views {

struct InputArgument
{
    QString name;
    QString type;
};

// The arguments of a TorchScript schema after self, such as "forward(__torch__.M self, Tensor x,
// int n=2) -> Tensor".
[[nodiscard]] std::vector<InputArgument> inputArguments(const QString& schema);

class RunDialog : public QDialog
{
    Q_OBJECT

public:
    // Object name "runDialog"; within it "input0", "input1", ..., "device", "warmups",
    // "iterations", "threads", "mode", "shapes", "startRun". `last` prefills.
    RunDialog(const std::vector<InputArgument>& arguments, const QStringList& devices,
              const protocol::RunParams& last, QWidget* parent = nullptr);

    // What the user chose; `stage` is that of `last`.
    [[nodiscard]] protocol::RunParams params() const;

private:
    protocol::RunParams m_last;
    std::vector<QLineEdit*> m_inputs;
    QComboBox* m_device;
    QSpinBox* m_warmups;
    QSpinBox* m_iterations;
    QSpinBox* m_threads;
    QComboBox* m_mode;
    QCheckBox* m_shapes;
};

} // namespace jitscope::views
