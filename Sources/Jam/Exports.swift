// The value types of the facade live in the modules that work on them.
@_exported public import Basics
@_exported public import Documents
@_exported public import Generating
@_exported public import Training
