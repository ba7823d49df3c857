/**
 * The description of descriptions, from which every contract is read. Making it
 * is the longest single step of the page's start, and can be done by itself.
 */
export { file_google_protobuf_descriptor as descriptors } from "@bufbuild/protobuf/wkt";
