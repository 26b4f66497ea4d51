import Jam

// Fuse TEXT IMAGE OUTPUT: fuses two model folders into one by JAM-Cross.
let arguments = CommandLine.arguments.dropFirst()
guard arguments.count == 3 else { fatalError("usage: Fuse TEXT IMAGE OUTPUT") }
let (text, image, output) = (arguments[1], arguments[2], arguments[3])

let fusion = try Fusion(.cross(every: 2), text: text, image: image)
print(fusion.plan)
for try await progress in fusion.run(to: output) {
    print("\(progress.byteCount) of \(progress.total) bytes")
}
