/// What a function may ask of the labelled file system; the numbers are those of host calls.
/// `docs/faasten-host-calls.md` has the fields of each.
public enum FileOperation: UInt32, Sendable, CaseIterable {
    // Labels
    case labelCurrent = 64
    case labelTaint, labelDeclassify, labelEndorse, labelParse, subPrivilege
    // Handles
    case open = 70
    case openPath, close, create, update, read, list, listFacets, link, unlink, describeGate, openBlobEntry
    // Paths
    case fsRead = 82
    case fsWrite, fsList, fsListFaceted, fsCreateDir, fsCreateFile, fsCreateFaceted, fsDelete, fsHardLink, fsOpenBlob
    case fsLinkBlob, fsCreateGate, fsCreateRedirectGate, fsDupGate, fsCreateService
    // Blobs
    case blobCreate = 97
    case blobWrite, blobFinalize, blobRead, blobOpenByHash, blobClose
    // Calls and all others
    case invoke = 103
    case invocationResult, keyRead, keyWrite, keyList, request
}
