// Verifies an export of the audit log with the code of Go's own checksum database: golang.org/x/mod/sumdb/note for
// signatures, golang.org/x/mod/sumdb/tlog for trees, tiles and proofs. It shares nothing with the verifier of this
// repository but the C2SP specifications.
//
//	GO111MODULE=off GOPATH=/usr/share/gocode go run main.go EXPORT VKEY
//
// Prints one line of JSON for each log; exits with 1 at the first thing that does not hold.
package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const tileHeight = 8

// mostProofs bounds the proofs of each kind that are made and checked for one log.
const mostProofs = 200

type report struct {
	Origin      string `json:"origin"`
	Leaves      int64  `json:"leaves"`
	Checkpoints int    `json:"checkpoints"`
	Inclusions  int    `json:"inclusions"`
	Consistency int    `json:"consistency"`
	Pruned      int    `json:"pruned"`
}

func main() {
	if len(os.Args) != 3 {
		fail("usage: main EXPORT VKEY")
	}
	folder, vkey := os.Args[1], os.Args[2]
	origins, err := findLogs(folder)
	check(err)
	if len(origins) == 0 {
		fail("no log in %s", folder)
	}
	for _, origin := range origins {
		result, err := verifyLog(filepath.Join(folder, filepath.FromSlash(origin)), origin, vkey)
		if err != nil {
			fail("%s: %v", origin, err)
		}
		line, err := json.Marshal(result)
		check(err)
		fmt.Println(string(line))
	}
}

// findLogs names every folder that holds a checkpoint.
func findLogs(folder string) ([]string, error) {
	var origins []string
	err := filepath.Walk(folder, func(path string, info os.FileInfo, err error) error {
		if err != nil {
			return err
		}
		if info.Name() == "checkpoint" && !info.IsDir() {
			origin, err := filepath.Rel(folder, filepath.Dir(path))
			if err != nil {
				return err
			}
			origins = append(origins, filepath.ToSlash(origin))
		}
		return nil
	})
	sort.Strings(origins)
	return origins, err
}

func verifyLog(folder, origin, vkey string) (*report, error) {
	verifier, err := verifierOf(origin, vkey)
	if err != nil {
		return nil, err
	}
	heads, err := readHeads(folder, origin, verifier)
	if err != nil {
		return nil, err
	}
	newest, err := readHead(filepath.Join(folder, "checkpoint"), origin, verifier)
	if err != nil {
		return nil, err
	}
	if newest != heads[len(heads)-1] {
		return nil, fmt.Errorf("the checkpoint that is shown is not the last one")
	}
	leaves, pruned, err := readLeafHashes(folder, newest.N)
	if err != nil {
		return nil, err
	}
	if err := checkRoots(heads, leaves); err != nil {
		return nil, err
	}
	hashes := tlog.TileHashReader(newest, tiles{folder})
	inclusions, err := checkInclusions(newest, leaves, hashes)
	if err != nil {
		return nil, err
	}
	consistency, err := checkConsistency(newest, heads, hashes)
	if err != nil {
		return nil, err
	}
	return &report{origin, newest.N, len(heads), inclusions, consistency, pruned}, nil
}

// verifierOf makes the verifier of one log: all logs of a deployment have one key, under the name of the log.
func verifierOf(origin, vkey string) (note.Verifier, error) {
	parts := strings.SplitN(vkey, "+", 3)
	if len(parts) != 3 {
		return nil, fmt.Errorf("malformed key")
	}
	key, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(append([]byte(origin+"\n"), key...))
	return note.NewVerifier(fmt.Sprintf("%s+%08x+%s", origin, binary.BigEndian.Uint32(sum[:]), parts[2]))
}

func readHeads(folder, origin string, verifier note.Verifier) ([]tlog.Tree, error) {
	text, err := os.ReadFile(filepath.Join(folder, "checkpoints"))
	if err != nil {
		return nil, err
	}
	// A note is a text, an empty line and signatures; between two notes stands an empty line more.
	parts := strings.Split(string(text), "\n\n")
	if len(parts)%2 != 0 {
		return nil, fmt.Errorf("checkpoints end within a note")
	}
	var heads []tlog.Tree
	for i := 0; i < len(parts); i += 2 {
		signed := parts[i] + "\n\n" + strings.TrimSuffix(parts[i+1], "\n") + "\n"
		head, err := openHead([]byte(signed), origin, verifier)
		if err != nil {
			return nil, fmt.Errorf("checkpoint %d: %v", i/2, err)
		}
		if len(heads) > 0 && head.N <= heads[len(heads)-1].N {
			return nil, fmt.Errorf("checkpoint %d is not larger than the one before", i/2)
		}
		heads = append(heads, head)
	}
	return heads, nil
}

func readHead(file, origin string, verifier note.Verifier) (tlog.Tree, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return tlog.Tree{}, err
	}
	return openHead(text, origin, verifier)
}

func openHead(text []byte, origin string, verifier note.Verifier) (tlog.Tree, error) {
	opened, err := note.Open(text, note.VerifierList(verifier))
	if err != nil {
		return tlog.Tree{}, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) < 4 || lines[0] != origin {
		return tlog.Tree{}, fmt.Errorf("not a checkpoint of this log")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return tlog.Tree{}, err
	}
	root, err := tlog.ParseHash(lines[2])
	return tlog.Tree{N: size, Hash: root}, err
}

// readLeafHashes hashes every entry that the checkpoint covers; of a pruned one, whose entry is empty, the tile has the hash.
func readLeafHashes(folder string, size int64) ([]tlog.Hash, int, error) {
	var hashes []tlog.Hash
	pruned := 0
	for n := int64(0); n<<tileHeight < size; n++ {
		width := size - n<<tileHeight
		if width > 1<<tileHeight {
			width = 1 << tileHeight
		}
		tile := tlog.Tile{H: tileHeight, L: 0, N: n, W: int(width)}
		path := strings.Replace(tilePath(tile), "tile/0/", "tile/entries/", 1)
		bundle, err := os.ReadFile(filepath.Join(folder, path))
		if err != nil {
			return nil, 0, err
		}
		entries := bytes.NewReader(bundle)
		for entries.Len() > 0 {
			var length uint16
			if err := binary.Read(entries, binary.BigEndian, &length); err != nil {
				return nil, 0, err
			}
			if length == 0 {
				pruned++
				hash, err := hashInTile(folder, tile, len(hashes)%(1<<tileHeight))
				if err != nil {
					return nil, 0, err
				}
				hashes = append(hashes, hash)
				continue
			}
			entry := make([]byte, length)
			if read, err := entries.Read(entry); err != nil || read != int(length) {
				return nil, 0, fmt.Errorf("entry bundle %d ends within an entry", n)
			}
			hashes = append(hashes, tlog.RecordHash(entry))
		}
	}
	if int64(len(hashes)) != size {
		return nil, 0, fmt.Errorf("%d leaves, and the checkpoint covers %d", len(hashes), size)
	}
	return hashes, pruned, nil
}

func hashInTile(folder string, tile tlog.Tile, place int) (tlog.Hash, error) {
	var hash tlog.Hash
	data, err := os.ReadFile(filepath.Join(folder, tilePath(tile)))
	if err != nil {
		return hash, err
	}
	copy(hash[:], data[place*tlog.HashSize:])
	return hash, nil
}

// checkRoots makes the tree of the leaves and compares its head at every size that was signed.
func checkRoots(heads []tlog.Tree, leaves []tlog.Hash) error {
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		list := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			list[i] = stored[index]
		}
		return list, nil
	})
	next := 0
	for n, leaf := range leaves {
		hashes, err := tlog.StoredHashesForRecordHash(int64(n), leaf, reader)
		if err != nil {
			return err
		}
		stored = append(stored, hashes...)
		for next < len(heads) && heads[next].N == int64(n+1) {
			root, err := tlog.TreeHash(heads[next].N, reader)
			if err != nil {
				return err
			}
			if root != heads[next].Hash {
				return fmt.Errorf("the leaves do not make the head at %d", heads[next].N)
			}
			next++
		}
	}
	if next != len(heads) {
		return fmt.Errorf("no leaves for the head at %d", heads[next].N)
	}
	return nil
}

func checkInclusions(newest tlog.Tree, leaves []tlog.Hash, hashes tlog.HashReader) (int, error) {
	step := newest.N/mostProofs + 1
	count := 0
	for n := int64(0); n < newest.N; n += step {
		proof, err := tlog.ProveRecord(newest.N, n, hashes)
		if err != nil {
			return 0, fmt.Errorf("inclusion of %d: %v", n, err)
		}
		if err := tlog.CheckRecord(proof, newest.N, newest.Hash, n, leaves[n]); err != nil {
			return 0, fmt.Errorf("inclusion of %d: %v", n, err)
		}
		count++
	}
	return count, nil
}

func checkConsistency(newest tlog.Tree, heads []tlog.Tree, hashes tlog.HashReader) (int, error) {
	step := len(heads)/mostProofs + 1
	count := 0
	for i := 0; i < len(heads); i += step {
		head := heads[i]
		proof, err := tlog.ProveTree(newest.N, head.N, hashes)
		if err != nil {
			return 0, fmt.Errorf("consistency with %d: %v", head.N, err)
		}
		if err := tlog.CheckTree(proof, newest.N, newest.Hash, head.N, head.Hash); err != nil {
			return 0, fmt.Errorf("consistency with %d: %v", head.N, err)
		}
		count++
	}
	return count, nil
}

// tiles reads the tiles of an export; TileHashReader checks each against the head before it uses it.
type tiles struct{ folder string }

func (t tiles) Height() int { return tileHeight }

func (t tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	list := make([][]byte, len(wanted))
	for i, tile := range wanted {
		data, err := os.ReadFile(filepath.Join(t.folder, tilePath(tile)))
		if err != nil {
			return nil, err
		}
		list[i] = data
	}
	return list, nil
}

func (t tiles) SaveTiles([]tlog.Tile, [][]byte) {}

// tilePath is Go's path without the height, which C2SP fixes at 8.
func tilePath(tile tlog.Tile) string {
	return strings.Replace(tile.Path(), fmt.Sprintf("tile/%d/", tileHeight), "tile/", 1)
}

func check(err error) {
	if err != nil {
		fail("%v", err)
	}
}

func fail(format string, args ...interface{}) {
	fmt.Fprintf(os.Stderr, format+"\n", args...)
	os.Exit(1)
}
