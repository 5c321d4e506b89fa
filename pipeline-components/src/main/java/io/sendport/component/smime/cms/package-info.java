/**
 * Writes the CMS objects of S/MIME (RFC 5652) as streams: signed, enveloped and compressed data in their MIME form. Internal to this
 * module: public only for the other S/MIME packages; any version may change it.
 */
@NullMarked
package io.sendport.component.smime.cms;

import org.jspecify.annotations.NullMarked;
