/// The version of jam, as manifests of its outputs state it.
package let jamVersion = "0.1.0"
