package io.sendport.migration;

import io.sendport.migration.biztalk.BizTalkImport;
import io.sendport.migration.source.SourceFile;
import io.sendport.migration.source.SourceReader;
import io.sendport.migration.source.UnreadableException;
import io.sendport.migration.ssis.SsisImport;
import io.sendport.migration.write.Imported;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes a configuration of files of another product. Nothing is started, nothing of a file becomes more than data. */
public final class Migration {

    private Migration() {}

    /**
     * Of binding files of BizTalk.
     *
     * @param zone the zone in which people at the server lived, a name of IANA or Windows
     * @throws UnreadableException when nothing can be made of the files
     */
    public static Imported biztalk(List<Path> files, Optional<String> zone) throws UnreadableException {
        List<SourceFile> sources = new ArrayList<>();
        for (Path each : files) {
            sources.add(SourceReader.read(each, each.toString()));
        }
        return new BizTalkImport(zone).of(sources);
    }

    /**
     * Of packages, connections and parameters of SSIS.
     *
     * @throws UnreadableException when nothing can be made of the files
     */
    public static Imported ssis(List<Path> files) throws UnreadableException {
        return new SsisImport().of(files);
    }
}
