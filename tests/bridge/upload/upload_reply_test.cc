#include "bridge/upload/upload_reply.h"

#include <gtest/gtest.h>

namespace fluxgate {
namespace {

TEST(UploadReply, AllTaken) {
  UploadReply upload;
  PartOutcome part;
  part.name = "data";
  part.filename = "a\"b";
  part.format = UploadFormat::kReport;
  part.points = 3;
  part.samples = 4;
  part.dropped_samples["string_field"] = 2;
  upload.Add(part);
  const Reply reply = upload.Finish();
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.content_type, "application/json");
  EXPECT_EQ(reply.body,
            R"({"parts":[{"name":"data","filename":"a\"b","format":"report","gzip":false,)"
            R"("points":3,"samples":4,"rejected":0,"errors":[],"dropped":{"string_field":2}}],)"
            R"("points":3,"rejected":0})"
            "\n");
}

TEST(UploadReply, BadLinesBrokenFilesAndErrors) {
  UploadReply upload;
  PartOutcome part;
  part.bad_line_count = 2;
  part.bad_lines = {{7, "x", ""}, {9, "y", ""}};
  part.error = "broken";
  upload.Add(part);
  EXPECT_EQ(upload.Finish().status, 400);
  const Reply reply = upload.Finish(413, "too large");
  EXPECT_EQ(reply.status, 413);
  EXPECT_EQ(reply.body,
            R"({"parts":[{"name":"","filename":"","format":"empty","gzip":false,"points":0,)"
            R"("samples":0,"rejected":2,"errors":[{"line":7,"error":"x"},{"line":9,"error":"y"}],)"
            R"("dropped":{},"error":"broken"}],"points":0,"rejected":2,"error":"too large"})"
            "\n");
}

TEST(UploadReply, ALimitedSizeOfMessages) {
  UploadReply upload;
  PartOutcome part;
  part.bad_line_count = 1;
  part.bad_lines = {{7, std::string(4096, 'x'), ""}};
  for (size_t i = 0; i < UploadReply::kPartsMax; ++i) {
    upload.Add(part);
  }
  const Reply reply = upload.Finish();
  EXPECT_LT(reply.body.size(), UploadReply::kErrorTextSizeMax + 200 * UploadReply::kPartsMax);
  EXPECT_TRUE(reply.body.ends_with("\"rejected\":100}\n"));
}

TEST(UploadReply, ManyParts) {
  UploadReply upload;
  PartOutcome part;
  part.points = 1;
  for (size_t i = 0; i < UploadReply::kPartsMax + 5; ++i) {
    upload.Add(part);
  }
  EXPECT_TRUE(
      upload.Finish().body.ends_with("],\"further_parts\":5,\"points\":105,\"rejected\":0}\n"));
}

}  // namespace
}  // namespace fluxgate
