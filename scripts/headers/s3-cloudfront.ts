import { pagePaths } from "../../src/site/index.ts";
import { cacheControl, commonHeaders, missingPage, pageRules } from "./host-site.ts";
import type { HostFile, HostSite } from "./host-site.ts";

/**
 * `template.json`, a CloudFormation template of a private bucket and its
 * distribution, and `upload.sh`, which fills the bucket. A response headers
 * policy is for every answer of a cache behaviour, errors too: so `immutable`
 * is kept with each asset in the bucket, where a missing one has nothing, and
 * the policy adds `no-cache` only where the bucket said nothing.
 */
export function s3CloudfrontFiles(site: HostSite): HostFile[] {
  const { config } = site;
  const usual = cacheControl(config, "/");
  const special = pageRules(config).filter((rule) => rule.cacheControl !== usual);
  const policies = [
    { id: "Headers", policy: policy(config, "headers", usual, false) },
    ...special.map((rule, index) => ({
      id: `Headers${index}`,
      policy: policy(config, `headers-${index}`, rule.cacheControl, true),
    })),
  ];
  const behaviors = special.map((rule, index) => ({
    PathPattern: rule.pattern,
    ...behavior(`Headers${index}`),
  }));
  const template = {
    AWSTemplateFormatVersion: "2010-09-09",
    Description: "The user lookup: a private bucket behind CloudFront.",
    Resources: {
      ...bucket,
      Router: {
        Type: "AWS::CloudFront::Function",
        Properties: {
          Name: { "Fn::Sub": "${AWS::StackName}-router" },
          AutoPublish: true,
          FunctionCode: router(),
          FunctionConfig: { Comment: "Addresses to files.", Runtime: "cloudfront-js-2.0" },
        },
      },
      ...Object.fromEntries(policies.map((each) => [each.id, each.policy])),
      Distribution: distribution(behaviors),
    },
    Outputs: {
      BucketName: { Value: { Ref: "Bucket" } },
      DistributionDomain: { Value: { "Fn::GetAtt": ["Distribution", "DomainName"] } },
    },
  };
  return [
    { name: "template.json", text: `${JSON.stringify(template, undefined, 2)}\n` },
    { name: "upload.sh", text: upload(config) },
    missingPage,
  ];
}

const bucket = {
  Bucket: { Type: "AWS::S3::Bucket", DeletionPolicy: "Retain", UpdateReplacePolicy: "Retain" },
  BucketAccess: {
    Type: "AWS::CloudFront::OriginAccessControl",
    Properties: {
      OriginAccessControlConfig: {
        Name: { "Fn::Sub": "${AWS::StackName}-access" },
        OriginAccessControlOriginType: "s3",
        SigningBehavior: "always",
        SigningProtocol: "sigv4",
      },
    },
  },
  BucketPolicy: {
    Type: "AWS::S3::BucketPolicy",
    Properties: {
      Bucket: { Ref: "Bucket" },
      PolicyDocument: {
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Principal: { Service: "cloudfront.amazonaws.com" },
            Action: "s3:GetObject",
            Resource: { "Fn::Sub": "${Bucket.Arn}/*" },
            Condition: {
              StringEquals: {
                "AWS:SourceArn": {
                  "Fn::Sub":
                    "arn:${AWS::Partition}:cloudfront::${AWS::AccountId}:distribution/${Distribution}",
                },
              },
            },
          },
        ],
      },
    },
  },
};

function distribution(behaviors: readonly unknown[]) {
  return {
    Type: "AWS::CloudFront::Distribution",
    Properties: {
      DistributionConfig: {
        Enabled: true,
        HttpVersion: "http2and3",
        IPV6Enabled: true,
        Origins: [
          {
            Id: "bucket",
            DomainName: { "Fn::GetAtt": ["Bucket", "RegionalDomainName"] },
            OriginAccessControlId: { Ref: "BucketAccess" },
            S3OriginConfig: { OriginAccessIdentity: "" },
          },
        ],
        DefaultCacheBehavior: behavior("Headers"),
        CacheBehaviors: behaviors,
        // A private bucket answers 403 for what is not in it.
        CustomErrorResponses: [403, 404].map((code) => ({
          ErrorCode: code,
          ResponseCode: 404,
          ResponsePagePath: "/404.html",
          ErrorCachingMinTTL: 0,
        })),
      },
    },
  };
}

/** One of the managed cache policies: CachingOptimized. */
const cachingOptimized = "658327ea-f89d-4fab-a63d-7e88639e58f6";

function behavior(headers: string) {
  return {
    TargetOriginId: "bucket",
    ViewerProtocolPolicy: "redirect-to-https",
    Compress: true,
    CachePolicyId: cachingOptimized,
    ResponseHeadersPolicyId: { Ref: headers },
    FunctionAssociations: [
      { EventType: "viewer-request", FunctionARN: { "Fn::GetAtt": ["Router", "FunctionARN"] } },
    ],
  };
}

function policy(config: HostSite["config"], name: string, cache: string, override: boolean) {
  const table = Object.fromEntries(commonHeaders(config));
  const custom = [
    "Permissions-Policy",
    "Cross-Origin-Opener-Policy",
    "Cross-Origin-Resource-Policy",
  ];
  const seconds = /^max-age=(\d+)/.exec(table["Strict-Transport-Security"] ?? "")?.[1];
  return {
    Type: "AWS::CloudFront::ResponseHeadersPolicy",
    Properties: {
      ResponseHeadersPolicyConfig: {
        Name: { "Fn::Sub": `\${AWS::StackName}-${name}` },
        SecurityHeadersConfig: {
          ContentSecurityPolicy: {
            ContentSecurityPolicy: table["Content-Security-Policy"],
            Override: true,
          },
          ContentTypeOptions: { Override: true },
          FrameOptions: { FrameOption: table["X-Frame-Options"], Override: true },
          ReferrerPolicy: { ReferrerPolicy: table["Referrer-Policy"], Override: true },
          ...(seconds === undefined
            ? {}
            : {
                StrictTransportSecurity: {
                  AccessControlMaxAgeSec: Number(seconds),
                  IncludeSubdomains: true,
                  Override: true,
                },
              }),
        },
        CustomHeadersConfig: {
          Items: [
            ...custom.map((header) => ({ Header: header, Value: table[header], Override: true })),
            { Header: "Cache-Control", Value: cache, Override: override },
          ],
        },
      },
    },
  };
}

/** A CloudFront function: the page for the application's addresses, nothing for what is hidden. */
function router(): string {
  const exact = pagePaths.filter((path) => !path.endsWith("/*"));
  const folders = pagePaths.filter((path) => path.endsWith("/*")).map((path) => path.slice(0, -1));
  return `const pages = ${JSON.stringify(exact)};
const folders = ${JSON.stringify(folders)};
function handler(event) {
  const request = event.request;
  const uri = request.uri;
  if (pages.includes(uri) || folders.some((folder) => uri.startsWith(folder))) {
    request.uri = "/index.html";
  } else if (uri.startsWith("/.") || uri.endsWith(".map")) {
    request.uri = "/not-published";
  }
  return request;
}
`;
}

function upload(config: HostSite["config"]): string {
  const copy = "aws s3 cp --no-progress";
  return `#!/bin/sh
# Fills the bucket: BUCKET=name sh upload.sh dist/site
# Assets first and old ones kept, so that open tabs and new ones find theirs.
set -eu
site=$1
here=$(dirname "$0")
${copy} --recursive --exclude "*.map" --cache-control "${cacheControl(config, "/assets/any")}" "$site/assets" "s3://$BUCKET/assets"
${copy} --recursive --exclude "assets/*" --exclude ".*" --exclude "*.map" --exclude config.json --exclude index.html --cache-control "${cacheControl(config, "/any")}" "$site" "s3://$BUCKET"
${copy} --cache-control "${cacheControl(config, "/", true)}" "$here/404.html" "s3://$BUCKET/404.html"
${copy} --cache-control "${cacheControl(config, "/config.json")}" "$here/config.json" "s3://$BUCKET/config.json"
${copy} --cache-control "${cacheControl(config, "/index.html")}" "$site/index.html" "s3://$BUCKET/index.html"
`;
}
